package org.processmanager.core.internal.launch.jdk;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.io.StreamGrace;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.Sink;

/**
 * The output streams of a {@link Process}, until all output is delivered. A pipe that is still open at the exit, because another
 * process inherited it, is read for the {@link StreamGrace}.
 *
 * <p>Times are counted from one check to the next, not by the clock: if this JVM or its machine was suspended, data that came
 * meanwhile is still in the pipe, and the checking thread may be the first to run again. No data for some time is no end of
 * the stream if no other process visibly holds the pipe: its end is then about to be read.
 */
public final class JdkStreams {
    /** The content of a pipe that others hold is read at least until no data has come for this time. */
    private static final long LAST_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** The time after which a pipe is given up though no process visibly holds it: those of other users are not visible. */
    private static final long UNSEEN_HOLDER_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** The limit of the time after the deadline. */
    private static final long LONGEST_LATE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The maximum that counts of the time between two checks: twice the regular period. */
    private static final long LONGEST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final LaunchSpec spec;
    private final Process process;
    private final Runnable onChange;
    private final StreamGrace grace;
    private final List<JdkPump> pumps = new ArrayList<>(2);
    private final @Nullable JdkPump stdout;
    private final @Nullable JdkPump stderr;
    private final OutputPipes pipes;

    // Confined to the watching thread:
    private long lastPollNanos;
    /** The counted time since the exit. */
    private long sinceExitNanos;
    /** The counted time since the deadline. */
    private long lateNanos;

    private volatile boolean incomplete;
    private volatile List<Long> holders = List.of();

    public JdkStreams(LaunchSpec spec, Sinks sinks, Process process, Runnable onChange) {
        this.spec = spec;
        this.process = process;
        pipes = OutputPipes.of(process, spec);
        this.onChange = onChange;
        grace = StreamGrace.of(spec);
        stdout = pump(sinks.of(1), 1);
        stderr = pump(sinks.of(2), 2);
    }

    private @Nullable JdkPump pump(@Nullable Sink sink, int number) {
        if (sink == null) {
            return null;
        }
        JdkPump pump = new JdkPump(sink, Objects.requireNonNull(pipes.output(number)), onChange);
        pumps.add(pump);
        return pump;
    }

    /** Returns output stream 1 or 2; null if it is not read. */
    @Nullable
    ProcessOutput output(int number) {
        return pipes.output(number);
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

    /** Gives up the streams that have not ended. */
    void end() {
        boolean ended = haveEnded();
        if (!ended || pipes.isEndUnknown()) {
            findHolders();
            incomplete = !ended || !holders.isEmpty();
        }
        if (incomplete) {
            StreamGrace.report(spec, process.pid(), holders);
        }
        discard();
    }

    /** Ends the streams of a process whose start failed. */
    void discard() {
        pumps.forEach(JdkPump::end);
        pipes.release();
    }

    /** Ends the waits for consumers. */
    void abandon() {
        pumps.stream().filter(pump -> !pump.isDelivered()).forEach(JdkPump::abandon);
    }

    /**
     * Checks for new data since the last check. Called periodically by one thread from the exit on.
     *
     * @param late whether the deadline of the call is over
     */
    public void poll(boolean late) {
        long now = System.nanoTime();
        long passed = lastPollNanos == 0 ? 0 : Math.min(now - lastPollNanos, LONGEST_POLL_NANOS);
        lastPollNanos = now;
        sinceExitNanos += passed;
        lateNanos += late ? passed : 0;
        pumps.forEach(pump -> pump.poll(passed));
    }

    /** Returns the time since the deadline in which this JVM ran. */
    long lateNanos() {
        return lateNanos;
    }

    /**
     * {@linkplain #poll Checks for new data} and returns whether the wait for the streams after the exit is over.
     *
     * @param stopping whether a stop, and so the end of processes that hold the pipes, is in progress
     * @param late whether the deadline of the call is over
     */
    public boolean areOver(boolean stopping, boolean late) {
        poll(late);
        if (haveEnded() || lateNanos > LONGEST_LATE_NANOS) {
            return true;
        }
        if (late ? !areDrained() : stopping || !isGraceOver()) {
            return false;
        }
        findHolders();
        return !holders.isEmpty() || sinceExitNanos > UNSEEN_HOLDER_NANOS;
    }

    /** Returns whether the content of the pipes at the exit was read, unless a consumer delays it. */
    private boolean areDrained() {
        return pumps.stream().allMatch(pump -> pump.hasEnded() || pump.isHeldUp() || pump.isQuietFor(LAST_READ_NANOS));
    }

    private boolean isGraceOver() {
        return areQuietFor(Math.max(grace.quietNanos(), LAST_READ_NANOS))
                || sinceExitNanos > grace.longestNanos() && areQuietFor(0);
    }

    private boolean areQuietFor(long nanos) {
        return pumps.stream().allMatch(pump -> pump.hasEnded() || pump.isQuietFor(nanos));
    }

    private boolean haveEnded() {
        return pumps.stream().allMatch(JdkPump::hasEnded);
    }

    /** Returns whether a stream was given up before its end. */
    boolean areIncomplete() {
        return incomplete;
    }

    /** Returns the processes that hold the pipes open, as far as they are known. */
    List<Long> holders() {
        return holders;
    }

    private void findHolders() {
        if (holders.isEmpty()) {
            holders = pipes.holders();
        }
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
        pipes.close();
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
