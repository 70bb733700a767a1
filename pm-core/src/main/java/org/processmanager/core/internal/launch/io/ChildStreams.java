package org.processmanager.core.internal.launch.io;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.posix.ChildDescriptors;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.Sink;
import org.processmanager.core.internal.tree.PipeHolders;

/**
 * The output streams of one child that come through pipes, until each is settled and delivered. Belongs to the thread of
 * its loop.
 *
 * <p>What lies in the pipes when the child exits is always read. One that is still open then, because somebody inherited
 * it, has {@value #GRACE_MILLIS} ms to end, again and again while data comes; then it is given up and its holders are
 * named.
 */
public final class ChildStreams {
    private static final int GRACE_MILLIS = 250;
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
    private static final long LONGEST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final EventLoop loop;

    private final BooleanSupplier stopRuns;
    private final Runnable onChange;
    private final List<OutputPump> pumps = new ArrayList<>(2);
    private final @Nullable OutputPump stdout;
    private final @Nullable OutputPump stderr;
    private EventLoop.@Nullable Timer grace;
    private long exitNanos;
    private long lastDataNanos;

    private boolean abandoned;
    private boolean findingHolders;
    private List<Long> holders = List.of();

    /**
     * @param stopRuns whether somebody is ending the tree, and with it those who hold pipes
     * @param onChange run when one of them was settled or delivered
     */
    public ChildStreams(
            Sinks sinks, ChildDescriptors descriptors, EventLoop loop, BooleanSupplier stopRuns, Runnable onChange) {
        this.loop = loop;

        this.stopRuns = stopRuns;
        this.onChange = onChange;
        stdout = pump(sinks.of(1), descriptors.ours(1));
        stderr = pump(sinks.of(2), descriptors.ours(2));
    }

    private @Nullable OutputPump pump(@Nullable Sink sink, int fd) {
        if (sink == null) {
            return null;
        }
        sink.onWritable(() -> loop.execute(this::resume));
        OutputPump pump = new OutputPump(loop, fd, sink, this::dataCame, onChange);
        pumps.add(pump);

        return pump;
    }

    public void begin() {
        pumps.forEach(OutputPump::begin);
    }

    /** The child has exited (told again if that failed for want of memory): takes what it wrote, and waits no longer than the grace for what others may write. */
    public void exited() {
        exitNanos = System.nanoTime();
        lastDataNanos = exitNanos;
        pumps.forEach(OutputPump::drain);
        if (anyOpen() && grace == null) {
            grace = loop.schedule(GRACE_NANOS, this::graceOver);
        }
    }

    /** Whether nothing more is read, and it is known who held what. */
    public boolean areSettled() {
        return !anyOpen() && !findingHolders;
    }

    /** Whether everything has reached its destination, or is not waited for any more. */
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

    /** Waits no longer, for holders and for consumers. */
    public void giveUp() {
        abandonDeliveries();
        detach();
    }

    /** Ends everything at once. */
    public void close() {
        abandonDeliveries();
        closePumps();
        stopTimer();
    }

    public void stopTimer() {
        if (grace != null) {
            grace.cancel();
            grace = null;
        }
    }

    public List<Long> holders() {
        return holders;
    }

    public Captured stdout() {
        return captured(stdout);
    }

    public Captured stderr() {
        return captured(stderr);
    }

    /** Lists what is open, or on its way to a consumer. */
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

    private void dataCame() {
        if (exitNanos != 0) {
            lastDataNanos = System.nanoTime();
        }
    }

    private void resume() {
        pumps.forEach(OutputPump::resume);
    }

    private void graceOver() {
        grace = null;
        if (!anyOpen()) {
            return;
        }
        long now = System.nanoTime();
        boolean flowing = now - lastDataNanos < GRACE_NANOS && now - exitNanos < LONGEST_GRACE_NANOS;
        if (flowing || stopRuns.getAsBoolean()) {
            grace = loop.schedule(GRACE_NANOS, this::graceOver);
        } else {
            detach();
        }
    }

    /** Gives up the open pipes; closes them only after the look at who holds them, since that could end the holders. */
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
        findingHolders = false;
        holders = found;
        closePumps();
        onChange.run();
    }

    private void closePumps() {
        for (OutputPump pump : pumps) {
            pump.drain();
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
