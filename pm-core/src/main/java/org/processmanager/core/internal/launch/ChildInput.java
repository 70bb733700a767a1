package org.processmanager.core.internal.launch;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.reactor.EventLoop;

/** The standard input of one child, where it is a pipe of ours: written by the caller, or fed by the loop. */
final class ChildInput {
    private final LaunchSpec spec;
    private final EventLoop loop;
    private final @Nullable InputPipe pipe;
    private final @Nullable InputFeed feed;

    /** @param fd our end of the pipe, or -1 where there is none */
    ChildInput(LaunchSpec spec, EventLoop loop, int fd) {
        this.spec = spec;
        this.loop = loop;
        InputSpec input = spec.streams().stdin();
        pipe = input instanceof InputSpec.Pipe ? new InputPipe(spec.name(), loop, fd) : null;
        feed = input instanceof InputSpec.Bytes bytes ? new InputFeed(loop, fd, bytes.content()) : null;
    }

    /** Starts to feed, on the loop's thread. */
    void begin() {
        if (feed != null) {
            feed.begin();
        }
    }

    /** What the caller writes to. */
    OutputStream stream() {
        if (pipe == null) {
            throw new IllegalStateException(
                    "the standard input of " + spec.name() + " is no pipe of ours: start it with stdin(Stdin.pipe())");
        }
        return pipe;
    }

    /** Ends the input, from any thread, as the first rung of a stop; false if there is none that could be ended. */
    boolean closeForStop() {
        if (pipe != null) {
            return pipe.close("the process is being stopped");
        }
        if (feed != null && feed.isOpen()) {
            loop.execute(feed::close);
            return true;
        }
        return false;
    }

    /** The child has exited: nobody reads any more. On the loop's thread. */
    void exited() {
        if (feed != null) {
            feed.close();
        }
        if (pipe != null) {
            pipe.close("the process has ended");
        }
    }
}
