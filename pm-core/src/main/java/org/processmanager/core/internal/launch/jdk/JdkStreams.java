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
 * The output streams of a {@link Process}, until all output is delivered. A pipe that is still open at the exit, because another
 * process inherited it, is abandoned once no data has come for a while.
 */
public final class JdkStreams {
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Written data is read within this time, if processors are available. */
    private static final long LAST_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    /** The maximum that counts of the time between two checks: twice the regular period. */
    private static final long LONGEST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final Process process;
    private final Runnable onChange;
    private final List<JdkPump> pumps = new ArrayList<>(2);
    private final @Nullable JdkPump stdout;
    private final @Nullable JdkPump stderr;

    // Confined to the watching thread:
    private long lastPollNanos;
    /** The counted time since the exit. */
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

    /** Starts reading, each stream on a thread that is created from a suffix of its name and its body. */
    public void start(BiConsumer<String, Runnable> starter) {
        for (JdkPump pump : pumps) {
            starter.accept("out", pump::pump);
        }
    }

    /** Notifies the sinks of the exit: remaining output must not wait for a reader. */
    void exited() {
        pumps.forEach(JdkPump::exited);
    }

    /** Abandons the streams that have not ended. */
    void end() {
        pumps.forEach(JdkPump::end);
    }

    /** Ends the waits for consumers. */
    void abandon() {
        pumps.stream().filter(pump -> !pump.isDelivered()).forEach(JdkPump::abandon);
    }

    /**
     * Checks for new data since the last check. Called periodically by one thread from the exit on: the time between checks
     * counts, not the clock. If this JVM or its machine was suspended for a while, data that came meanwhile is still
     * in the pipe, and the checking thread may be the first to run again.
     */
    public void poll() {
        long now = System.nanoTime();
        long passed = lastPollNanos == 0 ? 0 : Math.min(now - lastPollNanos, LONGEST_POLL_NANOS);
        lastPollNanos = now;
        sinceExitNanos += passed;
        pumps.forEach(pump -> pump.poll(passed));
    }

    /** Returns whether the wait for the streams after the exit is over; a stop extends it. */
    public boolean haveEnded(boolean stopping) {
        boolean late = sinceExitNanos > LONGEST_GRACE_NANOS;
        return pumps.stream()
                .allMatch(pump ->
                        pump.hasEnded() || !stopping && (pump.isQuietFor(GRACE_NANOS) || late && pump.isQuietFor(0)));
    }

    /** Returns whether the content of the pipes at the exit was read, unless a consumer delays it. */
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

    /** Adds the streams that are still being read. */
    void listTo(Holdings.Listing listing) {
        list(listing, stdout, "standard output");
        list(listing, stderr, "standard error");
    }

    private static void list(Holdings.Listing listing, @Nullable JdkPump pump, String stream) {
        if (pump != null && !pump.isDelivered()) {
            listing.pump(stream);
        }
    }

    /** Closes all pipes, including that of standard input. */
    public void closeAll() {
        closeQuietly(process.getInputStream());
        closeQuietly(process.getErrorStream());
        closeQuietly(process.getOutputStream());
    }

    private static void closeQuietly(Closeable stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // the stream is no longer used
        }
    }
}
