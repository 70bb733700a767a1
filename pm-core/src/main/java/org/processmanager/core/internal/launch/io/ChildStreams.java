package org.processmanager.core.internal.launch.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.Sink;
import org.processmanager.core.internal.tree.PipeHolders;

/**
 * The output streams of one child that come through pipes, until each is settled and delivered. Belongs to the thread of
 * its loop.
 *
 * <p>What is in the pipes when the child exits is always read. A pipe that is still open then, because another process
 * inherited it, is read for the {@link StreamGrace}; then it is given up and its holders are reported.
 */
public final class ChildStreams implements Runnable {
    /** The owner of the streams. */
    public interface Listener {
        /** A stream was settled or delivered. */
        void streamsChanged();

        /** Returns whether a stop of the process tree, and so of the holders of its pipes, is in progress. */
        boolean isStopRunning();
    }

    /** The interval of checks whether a stop is over. */
    private static final long STOP_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final LaunchSpec spec;
    private final long pid;
    private final EventLoop loop;
    private final StreamGrace grace;

    private final List<OutputPump> pumps = new ArrayList<>(2);
    private final @Nullable OutputPump stdout;
    private final @Nullable OutputPump stderr;
    private EventLoop.@Nullable Timer graceEnd;
    private long exitNanos;
    private long lastDataNanos;

    private @Nullable Listener listener;
    private boolean abandoned;
    private boolean findingHolders;
    private boolean incomplete;
    private List<Long> holders = List.of();

    /**
     * @param pid the child, for messages
     * @param stdoutFd the parent's end of the pipe of standard output, or -1
     * @param stderrFd the same of standard error
     */
    public ChildStreams(LaunchSpec spec, long pid, Sinks sinks, int stdoutFd, int stderrFd, EventLoop loop) {
        this.spec = spec;
        this.pid = pid;
        this.loop = loop;
        grace = StreamGrace.of(spec);
        stdout = pump(sinks.of(1), stdoutFd);
        stderr = pump(sinks.of(2), stderrFd);
    }

    private @Nullable OutputPump pump(@Nullable Sink sink, int fd) {
        if (sink == null) {
            return null;
        }
        sink.onWritable(this);
        OutputPump pump = new OutputPump(this, loop, fd, sink);
        pumps.add(pump);
        return pump;
    }

    /** Starts reading. */
    public void start(Listener owner) {
        listener = owner;
        for (OutputPump pump : pumps) {
            pump.start();
        }
    }

    /** Resumes reading after a pause: a sink is writable again. Thread-safe. */
    @Override
    public void run() {
        loop.execute(this::resume);
    }

    private void resume() {
        for (OutputPump pump : pumps) {
            pump.resume();
        }
    }

    /** A stream was settled or delivered. */
    void changed() {
        Objects.requireNonNull(listener).streamsChanged();
    }

    /** Called when bytes have arrived. */
    void dataCame() {
        if (exitNanos != 0) {
            lastDataNanos = System.nanoTime();
        }
    }

    /** Handles the exit: reads the output of the child, and waits at most the grace period for other writers. */
    public void exited() {
        exitNanos = System.nanoTime();
        lastDataNanos = exitNanos;
        for (OutputPump pump : pumps) {
            pump.drain();
        }
        if (anyOpen()) {
            graceEnd = loop.schedule(grace.quietNanos(), this::graceOver);
        }
    }

    /** Returns whether all streams are settled, and the holders of open pipes are known. */
    public boolean areSettled() {
        return !anyOpen() && !findingHolders;
    }

    /** Returns whether all output was delivered or abandoned. */
    public boolean areDelivered() {
        if (abandoned) {
            return true;
        }
        for (OutputPump pump : pumps) {
            if (!pump.isDelivered()) {
                return false;
            }
        }
        return true;
    }

    /** Ends the waits for pipe holders and consumers. */
    public void giveUp() {
        abandonDeliveries();
        detach();
    }

    /** Closes all streams at once. */
    public void close() {
        abandonDeliveries();
        closePumps();
        stopTimer();
    }

    public void stopTimer() {
        if (graceEnd != null) {
            graceEnd.cancel();
            graceEnd = null;
        }
    }

    /** Returns whether a stream was closed before its end because other processes held it open. */
    public boolean areIncomplete() {
        return incomplete;
    }

    /** Returns those processes, as far as they are known. */
    public List<Long> holders() {
        return holders;
    }

    public Captured stdout() {
        return captured(stdout);
    }

    public Captured stderr() {
        return captured(stderr);
    }

    /** Adds the open descriptors and the undelivered streams. */
    public void listTo(Holdings.Listing listing) {
        list(listing, stdout, "standard output");
        list(listing, stderr, "standard error");
        if (!areDelivered()) {
            listing.pump("deliveries of output");
        }
    }

    private static void list(Holdings.Listing listing, @Nullable OutputPump pump, String stream) {
        if (pump != null && pump.isOpen()) {
            listing.descriptor(pump.descriptor(), "pipe of " + stream);
            listing.pump(stream);
        }
    }

    private boolean anyOpen() {
        for (OutputPump pump : pumps) {
            if (pump.isOpen()) {
                return true;
            }
        }
        return false;
    }

    private void graceOver() {
        graceEnd = null;
        if (!anyOpen()) {
            return;
        }
        long now = System.nanoTime();
        long left = Math.min(grace.quietNanos() - (now - lastDataNanos), grace.longestNanos() - (now - exitNanos));
        if (left <= 0 && Objects.requireNonNull(listener).isStopRunning()) {
            left = STOP_CHECK_NANOS;
        }
        if (left > 0) {
            graceEnd = loop.schedule(left, this::graceOver);
        } else {
            detach();
        }
    }

    /** Abandons the open pipes; closes them after the search for their holders, which closing could terminate. */
    private void detach() {
        List<Long> inodes = new ArrayList<>();
        for (OutputPump pump : pumps) {
            if (pump.isOpen()) {
                inodes.add(pump.inode());
            }
        }
        if (findingHolders || inodes.isEmpty()) {
            return;
        }
        findingHolders = true;
        loop.executeBlocking(() -> {
            List<Long> found = List.of();
            try {
                found = PipeHolders.find(inodes);
            } finally {
                List<Long> known = found;
                loop.execute(() -> foundHolders(known));
            }
        });
    }

    private void foundHolders(List<Long> found) {
        closePumps();
        if (incomplete) {
            holders = found;
            StreamGrace.report(spec, pid, found);
        }
        findingHolders = false;
        changed();
    }

    private void closePumps() {
        for (OutputPump pump : pumps) {
            pump.drain();
            incomplete |= pump.isOpen();
            pump.close();
        }
    }

    private void abandonDeliveries() {
        abandoned = true;
        for (OutputPump pump : pumps) {
            pump.sink().abandon();
        }
    }

    private static Captured captured(@Nullable OutputPump pump) {
        return pump == null ? Captured.NOTHING : pump.captured();
    }
}
