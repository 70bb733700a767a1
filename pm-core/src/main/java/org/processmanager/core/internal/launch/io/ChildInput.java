package org.processmanager.core.internal.launch.io;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.reactor.EventLoop;

/** The pipe to the standard input of a child: written by the caller, by the event loop or by a worker thread. */
public final class ChildInput {
    private static final String PIPE = "pipe of standard input";

    private final LaunchSpec spec;
    private final EventLoop loop;
    private final int fd;
    /** The stream for the caller or the worker thread. */
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

    /** Starts to write given content, on the loop's thread. */
    public void start() {
        if (feed != null) {
            feed.start();
        }
        if (streamFeed != null) {
            loop.executeBlocking(streamFeed::run);
        }
    }

    /** Adds the open descriptors and running pumps. */
    public void listTo(Holdings.Listing listing) {
        if (pipe != null && pipe.isOpen()) {
            listing.descriptor(fd, PIPE);
        }
        if (feed != null && feed.isOpen()) {
            listing.descriptor(fd, PIPE);
            listing.pump("standard input");
        }
    }

    /** Returns the stream for the caller. */
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

    /** Returns the exception thrown by the caller's input stream, or null. */
    @Nullable
    public Throwable failure() {
        return streamFeed == null ? null : streamFeed.failure();
    }

    /** Closes the input as the first step of a stop; returns false if there was nothing to close. Thread-safe. */
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

    /** Handles the exit of the child: no process reads the input any longer. On the loop's thread. */
    public void exited() {
        if (feed != null) {
            feed.close();
        }
        if (pipe != null) {
            pipe.end("the process has ended");
        }
    }
}
