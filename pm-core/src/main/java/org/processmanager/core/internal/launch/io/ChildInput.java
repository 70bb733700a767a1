package org.processmanager.core.internal.launch.io;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.reactor.EventLoop;

/** The standard input of one child, where it is a pipe of ours: written by the caller, or fed by the loop or a worker. */
public final class ChildInput {
    private static final String PIPE = "pipe of standard input";

    private final LaunchSpec spec;
    private final EventLoop loop;
    private final int fd;
    /** What the caller or the worker writes to. */
    private final @Nullable InputPipe pipe;

    private final @Nullable InputFeed feed;
    private final @Nullable StreamFeed streamFeed;

    /** @param fd the parent's end of the pipe */
    public ChildInput(LaunchSpec spec, EventLoop loop, int fd) {
        this.spec = spec;
        this.loop = loop;
        this.fd = fd;
        InputSpec input = spec.stdin();
        InputPipe written = null;
        StreamFeed fed = null;
        if (input instanceof InputSpec.Pipe) {
            written = new InputPipe(spec.name(), loop, fd);
        } else if (input instanceof InputSpec.FromStream from) {
            written = new InputPipe(spec.name(), loop, fd);
            fed = new StreamFeed(from.stream(), from.owned(), written, written::isOpen);
        }
        pipe = written;
        streamFeed = fed;
        feed = input instanceof InputSpec.Bytes bytes ? new InputFeed(loop, fd, bytes.content()) : null;
    }

    /** Starts to feed, on the loop's thread. */
    public void start() {
        if (feed != null) {
            feed.start();
        }
        if (streamFeed != null) {
            loop.executeBlocking(streamFeed::run);
        }
    }

    /** Lists what is open. */
    public void listTo(Holdings.Listing listing) {
        if (pipe != null && pipe.isOpen()) {
            listing.descriptor(fd, PIPE);
        }
        if (feed != null && feed.isOpen()) {
            listing.descriptor(fd, PIPE);
            listing.pump("standard input");
        }
    }

    /** What the caller writes to. */
    public OutputStream stream() {
        if (pipe == null || streamFeed != null) {
            throw noPipe(spec);
        }
        return pipe;
    }

    public static IllegalStateException noPipe(LaunchSpec spec) {
        return new IllegalStateException(
                "the standard input of " + spec.name() + " is no pipe of yours: start it with stdin(Input.pipe())");
    }

    /** What reading the user's stream threw. */
    @Nullable
    public Throwable failure() {
        return streamFeed == null ? null : streamFeed.failure();
    }

    /** Ends the input, from any thread, as the first step of a stop; false if there is none that could be ended. */
    public boolean closeForStop() {
        if (pipe != null) {
            return pipe.close("the process is being stopped");
        }
        if (feed != null && feed.isOpen()) {
            loop.execute(feed::close);
            return true;
        }
        return false;
    }

    /** The child has exited: no process reads the input. On the loop's thread. */
    public void exited() {
        if (feed != null) {
            feed.close();
        }
        if (pipe != null) {
            pipe.end("the process has ended");
        }
    }
}
