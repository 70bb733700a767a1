package org.processmanager.core.internal.launch.jdk;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.Sink;

/**
 * What a {@link Process} writes, to its last delivery. A pipe that is still open at its exit, since another process inherited it,
 * is given up once no data has come for a while.
 */
public final class JdkStreams {
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** What is written is read within less, if the processors are free. */
    private static final long LAST_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    /** The most that counts of the time between two looks: twice what there is if all goes well. */
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final Process process;
    private final Runnable onChange;
    private final List<JdkPump> pumps = new ArrayList<>(2);
    private final @Nullable JdkPump stdout;
    private final @Nullable JdkPump stderr;

    // Of the watching thread alone:
    private long lastLookNanos;
    /** Since the exit, as far as it counts. */
    private long sinceExitNanos;

    public JdkStreams(Sinks sinks, Process process, Runnable onChange) {
        this.process = process;
        this.onChange = onChange;
        stdout = pump(sinks.of(1), process.getInputStream());
        stderr = pump(sinks.of(2), process.getErrorStream());
    }

    private @Nullable JdkPump pump(@Nullable Sink sink, InputStream in) {
        if (sink == null) {
            return null;
        }
        JdkPump pump = new JdkPump(sink, in, onChange);
        pumps.add(pump);
        return pump;
    }

    /** Starts to read, each stream by a thread that is made of a word for its name and what it does. */
    public void start(BiConsumer<String, Runnable> starter) {
        for (JdkPump pump : pumps) {
            starter.accept("out", pump::pump);
        }
    }

    /** Tells the sinks that the process has exited: what it wrote should not wait for a reader. */
    void exited() {
        pumps.forEach(JdkPump::exited);
    }

    /** Gives up what has not ended. */
    void end() {
        pumps.forEach(JdkPump::end);
    }

    /** Waits no longer for consumers. */
    void abandon() {
        pumps.stream().filter(pump -> !pump.isDelivered()).forEach(JdkPump::abandon);
    }

    /**
     * Looks what has come since the last look. For one thread, again and again from the exit on: what counts is the time
     * between looks, and not the clock. If this JVM or its machine was suspended for a while, what came meanwhile is still
     * in the pipe, and the looking thread may be the first to run again.
     */
    public void look() {
        long now = System.nanoTime();
        long passed = lastLookNanos == 0 ? 0 : Math.min(now - lastLookNanos, LONGEST_LOOK_NANOS);
        lastLookNanos = now;
        sinceExitNanos += passed;
        pumps.forEach(pump -> pump.look(passed));
    }

    /** Whether nothing more is to be waited for since the exit; during a stop there may be. */
    public boolean haveEnded(boolean stopping) {
        boolean late = sinceExitNanos > LONGEST_GRACE_NANOS;
        return pumps.stream()
                .allMatch(pump ->
                        pump.hasEnded() || !stopping && (pump.isQuietFor(GRACE_NANOS) || late && pump.isQuietFor(0)));
    }

    /** Whether all was read that lay in the pipes at the exit, as far as consumers let it. */
    public boolean areDrained() {
        return pumps.stream().allMatch(pump -> pump.hasEnded() || pump.isHeldUp() || pump.isQuietFor(LAST_READ_NANOS));
    }

    boolean areDelivered() {
        return pumps.stream().allMatch(JdkPump::isDelivered);
    }

    public Captured stdout() {
        return captured(stdout);
    }

    Captured stderr() {
        return captured(stderr);
    }

    private static Captured captured(@Nullable JdkPump pump) {
        return pump == null ? Captured.NOTHING : pump.captured();
    }

    /** Adds the streams that are still read. */
    void listTo(Holdings.Listing listing) {
        list(listing, stdout, "standard output");
        list(listing, stderr, "standard error");
    }

    private static void list(Holdings.Listing listing, @Nullable JdkPump pump, String stream) {
        if (pump != null && !pump.isDelivered()) {
            listing.pump(stream);
        }
    }

    /** Lets go of all pipes, that of standard input too. */
    public void closeAll() {
        closeQuietly(process.getInputStream());
        closeQuietly(process.getErrorStream());
        closeQuietly(process.getOutputStream());
    }

    private static void closeQuietly(Closeable stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // it is not used any longer
        }
    }
}
