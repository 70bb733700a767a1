package org.processmanager.core.internal.launch.posix;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.io.ChildInput;
import org.processmanager.core.internal.launch.io.ChildStreams;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.util.ExitCaller;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.QuietLog;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.LoggerFactory;

/**
 * The life of one child as a state machine, on the thread of its loop:
 * <pre>
 *   RUNNING --pidfd is readable--> EXITED --its pipes have ended or are given up--> STREAMS_SETTLED
 *       STREAMS_SETTLED --nothing retains its PidHandle--> REAPED --its output is delivered--> COMPLETED
 * </pre>
 * Each event (the exit, a change of the streams, the release of the handle) takes every transition that is then possible.
 * Only the pidfd reports the exit: a pipe can end before it, or long after it if another process inherited it. From EXITED to
 * REAPED the child is a zombie, so that users of its {@link PidHandle} can rely on its pid. A child that survives its stop
 * policy completes while it is RUNNING; if it exits after all, it is still reaped.
 */
final class ChildLifecycle implements EventLoop.Handler, ChildStreams.Listener {
    /** The states, in their order. */
    enum State {
        RUNNING,
        EXITED,
        STREAMS_SETTLED,
        REAPED,
        COMPLETED
    }

    /** The time that a consumer gets to finish after the deadline of the call. */
    static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final PosixChild child;
    private final LaunchSpec spec;
    private final PidHandle handle;
    private final EventLoop loop;
    private final long startNanos;
    private final @Nullable CgroupLifetime cgroup;
    /** Null if standard input is not a pipe. */
    private final @Nullable ChildInput input;

    private final ChildStreams streams;

    /** Written by the loop's thread. */
    private volatile State state = State.RUNNING;

    // Confined to the loop's thread:
    private EventLoop.@Nullable Watch pidWatch;
    private EventLoop.@Nullable Timer timeout;
    private EventLoop.@Nullable Timer lateDelivery;
    private long exitNanos;

    ChildLifecycle(
            PosixChild child,
            PidHandle handle,
            EventLoop loop,
            @Nullable CgroupLifetime cgroup,
            @Nullable ChildInput input,
            ChildStreams streams,
            long startNanos) {
        this.child = child;
        this.spec = child.spec();
        this.handle = handle;
        this.loop = loop;
        this.cgroup = cgroup;
        this.input = input;
        this.streams = streams;
        this.startNanos = startNanos;
        loop.addLoad(1);
    }

    /** Returns whether the child has exited. Thread-safe. */
    boolean hasExited() {
        return state != State.RUNNING;
    }

    /** Starts to watch the child. If that fails, kills it, since its exit would not be detected. */
    void start() {
        try {
            pidWatch = loop.watch(handle.pidfd(), Poll.IN | Poll.ONE_SHOT, this);
            if (input != null) {
                input.start();
            }
            streams.start(this);
            if (spec.timeout() != null) {
                long left = Nanos.of(spec.timeout()) - (System.nanoTime() - startNanos);
                timeout = loop.schedule(Math.max(0, left), this::timeOut);
            }
        } catch (Throwable e) {
            QuietLog.log(
                    ChildLifecycle.class,
                    "process " + handle.pid() + " (" + spec.name() + ") cannot be watched and is killed",
                    e);
            child.killNow(EndReason.TERMINATED);
            if (pidWatch == null) {
                loop.schedule(RETRY_NANOS, this::exit);
            }
        }
    }

    /** Handles the exit: the pidfd is readable. */
    @Override
    public void ready(int events) {
        exit();
    }

    private void exit() {
        if (state != State.RUNNING) {
            return;
        }
        exitNanos = System.nanoTime();
        state = State.EXITED;
        if (pidWatch != null) {
            pidWatch.cancel();
        }
        try {
            if (input != null) {
                input.exited();
            }
            streams.exited();
        } finally {
            advance();
        }
    }

    @Override
    public void streamsChanged() {
        advance();
    }

    @Override
    public boolean isStopRunning() {
        return handle.isRetained();
    }

    /** Called when the last user has released the handle. Thread-safe. */
    void released() {
        if (state != State.RUNNING) {
            loop.execute(this::advance);
        }
    }

    /** Takes every transition that is currently possible. */
    private void advance() {
        if (state == State.EXITED && streams.areSettled()) {
            state = State.STREAMS_SETTLED;
        }
        if (state == State.STREAMS_SETTLED) {
            PidHandle.Reaping reaping = handle.reap();
            if (reaping == PidHandle.Reaping.DONE) {
                state = State.REAPED;
            } else if (reaping == PidHandle.Reaping.NOT_YET) {
                loop.schedule(RETRY_NANOS, this::advance);
            }
        }
        if (state == State.REAPED && streams.areDelivered()) {
            state = State.COMPLETED;
            if (!isCompleted()) {
                complete(handle.exitStatus(), exitNanos);
            }
        }
    }

    private void timeOut() {
        timeout = null;
        terminate(EndReason.TIMED_OUT);
    }

    /** Stops the child by its policy, after its timeout or an interrupt of its caller. */
    void terminate(EndReason why) {
        if (state != State.RUNNING) {
            giveUpStreams();
            return;
        }
        try {
            Threads.WORKERS.execute(() -> {
                boolean ran = false;
                try {
                    child.runStop(spec.stopPolicy(), why);
                    ran = true;
                } finally {
                    Runnable next = ran ? () -> afterStop(why) : () -> kill(why);
                    loop.execute(next);
                }
            });
        } catch (Throwable e) {
            QuietLog.log(
                    ChildLifecycle.class,
                    "no thread to stop process " + handle.pid() + " (" + spec.name() + "): it is killed",
                    e);
            kill(why);
        }
    }

    /** Kills the child because the steps of its policy cannot be run. */
    private void kill(EndReason why) {
        if (state == State.RUNNING) {
            child.killNow(why);
        }
        loop.schedule(LATE_DELIVERY_NANOS, () -> afterStop(why));
    }

    private void afterStop(EndReason why) {
        if (isCompleted()) {
            return;
        }
        if (boundDelivery()) {
            return;
        }
        LoggerFactory.getLogger(ChildLifecycle.class)
                .warn("process {} ({}) survived {}", handle.pid(), spec.name(), spec.stopPolicy());
        child.recordReason(why);
        streams.close();
        complete(new ExitStatus.Unknown("it survived " + spec.stopPolicy()), System.nanoTime());
    }

    /** Gives the consumers of an exited child a bounded time; returns false while the child runs. */
    boolean boundDelivery() {
        if (state == State.RUNNING && !handle.hasEnded()) {
            return false;
        }
        if (lateDelivery == null && !isCompleted()) {
            lateDelivery = loop.schedule(ExitCaller.patience(LATE_DELIVERY_NANOS), this::giveUpStreams);
        }
        return true;
    }

    private void giveUpStreams() {
        if (!isCompleted()) {
            streams.giveUp();
            advance();
        }
    }

    private boolean isCompleted() {
        return child.completion().isDone();
    }

    private void complete(ExitStatus status, long endNanos) {
        cancel(timeout);
        cancel(lateDelivery);
        streams.stopTimer();
        EndReason reason = child.endReason();
        if (cgroup != null) {
            reason = cgroup.endReason(status, reason);
            cgroup.end();
        }
        loop.addLoad(-1);
        child.completion()
                .complete(new ProcessExit(
                        status,
                        reason,
                        input == null ? null : input.failure(),
                        streams.stdout(),
                        streams.stderr(),
                        Duration.ofNanos(endNanos - startNanos),
                        endNanos,
                        handle.reaped(),
                        streams.areIncomplete(),
                        streams.holders(),
                        child.stopReport()));
    }

    private static void cancel(EventLoop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
