package org.processmanager.core.internal.launch.posix;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.io.ChildInput;
import org.processmanager.core.internal.launch.io.ChildStreams;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.core.internal.tree.TreeScope;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.QuietLog;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one child from its birth to its reaping:
 * <pre>
 *   running --pidfd readable--> exited --pipes at their end, or given up--> settled --nobody pins--> reaped
 *                                                                           --consumers done--> ended
 * </pre>
 * That a process has exited is told by its pidfd and by nothing else: a pipe may end before, or long after it, held by
 * somebody who inherited it; what becomes of the pipes is {@link ChildInput} and {@link ChildStreams}. Between exit and
 * reaping the child is a zombie, on which those who pin its {@link PidHandle} rely; one of them is {@link PosixStop}.
 *
 * <p>All but {@link #ended}, {@link #hasExited} and {@link #unpinned} belongs to the thread of the loop.
 */
final class ChildLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ChildLifecycle.class);
    /** What a consumer gets to finish once the time of the whole call is over anyway. */
    static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NOT_YET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Made in time. */
    private static final ProcessExit WITHOUT_MEMORY = new ProcessExit(
            new ExitStatus.Unknown("there was no memory to tell how it ended"),
            EndReason.OWN_EXIT,
            null,
            Captured.lost(new OutOfMemoryError("while a process ended")),
            Captured.NOTHING,
            Duration.ZERO,
            0,
            Optional.empty(),
            List.of(),
            Optional.empty());

    private final LaunchSpec spec;
    private final PidHandle held;
    private final long startNanos;
    private final @Nullable CgroupLifetime containment;
    private final EventLoop loop;
    private final ChildInput input;
    private final ChildStreams streams;
    private final PosixStop stop;
    private final CompletableFuture<ProcessExit> ended = new CompletableFuture<>();
    private final Runnable settling = this::settle;
    private volatile boolean exited;

    // Of the loop's thread alone:
    private EventLoop.@Nullable Watch pidWatch;
    private EventLoop.@Nullable Timer timeout;
    private EventLoop.@Nullable Timer lateDelivery;
    private long exitNanos;
    /** What follows from the exit is done, and nothing watches the child any more: it may be reaped. */
    private boolean exitSeenTo;

    ChildLifecycle(
            LaunchSpec spec,
            PidHandle held,
            @Nullable Cgroup cgroup,
            ChildDescriptors descriptors,
            Sinks sinks,
            EventLoop loop,
            long startNanos) {
        this.spec = spec;
        this.held = held;
        containment = cgroup == null ? null : new CgroupLifetime(cgroup);
        this.loop = loop;
        this.startNanos = startNanos;
        streams = new ChildStreams(sinks, descriptors, loop, held::isPinned, settling);
        input = new ChildInput(spec, loop, descriptors.ours(0));
        stop = new PosixStop(
                held, new TreeScope(spec.leadsGroup(), spec.leadsSession(), cgroup), input, this::unpinned);
        loop.addLoad(1);
    }

    ChildInput input() {
        return input;
    }

    ChildStreams streams() {
        return streams;
    }

    PosixStop stop() {
        return stop;
    }

    /** Done at the end of the course. */
    CompletableFuture<ProcessExit> ended() {
        return ended;
    }

    boolean hasExited() {
        return exited;
    }

    /** Nobody relies on the child any more who did; for any thread. */
    void unpinned() {
        if (exited) {
            loop.execute(settling);
        }
    }

    /** Starts to watch, on the loop's thread. If that fails the child is killed: nobody would ever see its end. */
    void begin() {
        try {
            pidWatch = loop.watch(held.pidfd(), Poll.IN, events -> exit());
            input.begin();
            streams.begin();
            if (spec.timeout() != null) {
                long left = Nanos.of(spec.timeout()) - (System.nanoTime() - startNanos);
                timeout = loop.schedule(Math.max(0, left), this::timeOver);
            }
        } catch (Throwable e) {
            QuietLog.log(LOG, "process " + held.pid() + " (" + spec.name() + ") cannot be watched and is killed", e);
            stop.killNow(EndReason.TERMINATED);
            if (pidWatch == null) {
                loop.schedule(NOT_YET_NANOS, this::exit);
            }
        }
    }

    /** The time of the whole call is over, or its caller wants it no more. */
    void stopForGood(EndReason why) {
        if (exited) {
            giveUpStreams();
            return;
        }
        try {
            Threads.WORKERS.execute(() -> {
                boolean climbed = false;
                try {
                    stop.climb(spec.stopPolicy(), why);
                    climbed = true;
                } finally {
                    Runnable next = climbed ? () -> stoppedForGood(why) : () -> killForGood(why);
                    loop.execute(next);
                }
            });
        } catch (Throwable e) {
            QuietLog.log(LOG, "no thread to stop process " + held.pid() + " (" + spec.name() + "): it is killed", e);
            killForGood(why);
        }
    }

    /** For when there is no climbing the ladder. */
    private void killForGood(EndReason why) {
        if (!exited) {
            stop.killNow(why);
        }
        loop.schedule(LATE_DELIVERY_NANOS, () -> stoppedForGood(why));
    }

    private void stoppedForGood(EndReason why) {
        if (ended.isDone()) {
            return;
        }
        if (exited || held.hasEnded()) {
            lateDelivery = loop.schedule(LATE_DELIVERY_NANOS, this::giveUpStreams);
            return;
        }
        LOG.warn("process {} ({}) survived {}", held.pid(), spec.name(), spec.stopPolicy());
        stop.isBecause(why);
        exitNanos = System.nanoTime();
        streams.close();
        complete(new ExitStatus.Unknown("it survived " + spec.stopPolicy()));
    }

    private void timeOver() {
        timeout = null;
        stopForGood(EndReason.TIMED_OUT);
    }

    private void exit() {
        if (!exited) {
            exitNanos = System.nanoTime();
            exited = true;
        }
        input.exited();
        streams.exited();
        // Only now: where memory fails before, the kernel tells of the exit again.
        if (pidWatch != null) {
            pidWatch.cancel();
        }
        exitSeenTo = true;
        settling.run();
    }

    /** Goes as far towards the end as can be gone now. */
    private void settle() {
        if (!exitSeenTo || !streams.areSettled()) {
            return;
        }
        // Reaped also if its end was told before, since it had survived every signal until then.
        if (reaped() && streams.areDelivered() && !ended.isDone()) {
            complete(Objects.requireNonNull(held.status()));
        }
    }

    private void giveUpStreams() {
        if (!ended.isDone()) {
            streams.giveUp();
            settle();
        }
    }

    private boolean reaped() {
        PidHandle.Reaping reaping = held.reap();
        if (reaping == PidHandle.Reaping.NOT_YET) {
            loop.schedule(NOT_YET_NANOS, this::settle);
        }
        return reaping == PidHandle.Reaping.DONE;
    }

    private void complete(ExitStatus how) {
        cancel(timeout);
        cancel(lateDelivery);
        streams.stopTimer();
        ProcessExit end = WITHOUT_MEMORY;
        try {
            end = end(how);
            if (containment != null) {
                containment.end();
            }
        } catch (Throwable e) {
            // Somebody waits for it, whatever was lost.
            QuietLog.log(LOG, "no memory for what process " + held.pid() + " left: its output is lost", e);
        }
        loop.addLoad(-1);
        ended.complete(end);
    }

    private ProcessExit end(ExitStatus how) {
        return new ProcessExit(
                how,
                containment == null ? stop.endReason() : containment.endReason(how, stop.endReason()),
                input.failure(),
                streams.stdout(),
                streams.stderr(),
                Duration.ofNanos(exitNanos - startNanos),
                exitNanos,
                held.usage(),
                streams.holders(),
                stop.report());
    }

    private static void cancel(EventLoop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
