package org.processmanager.core.internal.launch;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Cause;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.Usage;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.reactor.Complaints;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.reactor.Interruption;
import org.processmanager.core.internal.reactor.Nanos;
import org.processmanager.core.internal.reactor.Threads;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.ProcUsage;
import org.processmanager.core.internal.tree.Reach;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child started by {@code posix_spawn}, from its birth to its reaping.
 *
 * <p>Everything happens on the thread of its loop; other threads only pin, signal, and post tasks. The course of things:
 * <pre>
 *   running --pidfd readable--> exited --pipes at their end, or given up--> settled --nobody pins--> reaped
 *                                                                           --consumers done--> ended
 * </pre>
 * That a process has exited is told by its pidfd and by nothing else: a pipe may end before, or long after it, held by
 * somebody who inherited it; what becomes of the pipes is {@link ChildInput} and {@link ChildStreams}. Between exit and
 * reaping the child is a zombie, on which those who pin its {@link HeldPid} rely; one of them is {@link PosixStop}.
 */
final class PosixChild implements Child {
    private static final Logger LOG = LoggerFactory.getLogger(PosixChild.class);
    /** What a consumer gets to finish once the time of the whole call is over anyway. */
    private static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NOT_YET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Made in time. */
    private static final Ended WITHOUT_MEMORY = new Ended(
            new ExitStatus.Unknown("there was no memory to tell how it ended"),
            Cause.OWN_EXIT,
            null,
            Captured.lost(new OutOfMemoryError("while a process ended")),
            Captured.NOTHING,
            Duration.ZERO,
            0,
            Optional.empty(),
            List.of(),
            Optional.empty());

    private final LaunchSpec spec;
    private final HeldPid held;
    private final long startNanos;
    private final @Nullable Containment containment;
    private final EventLoop loop;
    /** The thread that launched it drives the loop until the end. */
    private final boolean driven;

    private final SerialTasks deliveries;
    private final ChildInput input;
    private final ChildStreams streams;
    private final PosixStop stop;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private final Runnable settling = this::settleOrAgain;
    private volatile boolean exited;

    // Of the loop's thread alone:
    private EventLoop.@Nullable Watch pidWatch;
    private EventLoop.@Nullable Timer timeout;
    private EventLoop.@Nullable Timer lateDelivery;
    private long exitNanos;
    /** What follows from the exit is done, and nothing watches the child any more: it may be reaped. */
    private boolean exitSeenTo;

    PosixChild(
            LaunchSpec spec,
            HeldPid held,
            @Nullable Cgroup cgroup,
            Descriptors descriptors,
            Sinks sinks,
            EventLoop loop,
            boolean driven,
            long startNanos) {
        this.spec = spec;
        this.held = held;
        containment = cgroup == null ? null : new Containment(cgroup);
        this.loop = loop;
        this.driven = driven;
        this.startNanos = startNanos;
        deliveries = sinks.deliveries();
        streams = new ChildStreams(sinks, descriptors, loop, held::isPinned, settling);
        input = new ChildInput(spec, loop, descriptors.ours(0));
        stop = new PosixStop(held, new Reach(spec.leadsGroup(), spec.leadsSession(), cgroup), input, this::unpinned);
        loop.addLoad(1);
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
            Complaints.log(LOG, "process " + pid() + " (" + spec.name() + ") cannot be watched and is killed", e);
            stop.killNow(Cause.STOPPED);
            if (pidWatch == null) {
                loop.schedule(NOT_YET_NANOS, this::exit);
            }
        }
    }

    @Override
    public long pid() {
        return held.pid();
    }

    @Override
    public CompletableFuture<Ended> ended() {
        return ended;
    }

    @Override
    public boolean hasExited() {
        return exited;
    }

    @Override
    public boolean isReleased() {
        return held.isReaped();
    }

    /** Asked on the loop's thread, unless that has better things to do. */
    @Override
    public Holdings holdings() {
        if (ended.isDone() && held.isReaped()) {
            return new Holdings.Listing().of(false, false);
        }
        CompletableFuture<Holdings> told = new CompletableFuture<>();
        loop.execute(() -> told.complete(list()));
        try {
            return told.get(LATE_DELIVERY_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return list();
        } catch (ExecutionException | TimeoutException e) {
            return list();
        }
    }

    private Holdings list() {
        Holdings.Listing listing = new Holdings.Listing();
        boolean reaped = held.isReaped();
        if (!reaped) {
            listing.descriptor(held.pidfd(), "pidfd");
        }
        input.listTo(listing);
        streams.listTo(listing);
        return listing.of(!exited, exited && !reaped);
    }

    @Override
    public boolean isHalted() {
        return pinned(false, held::isHalted);
    }

    @Override
    public Optional<ProcessIdentity> identity() {
        return pinned(Optional.empty(), () -> Identities.of(pid()));
    }

    @Override
    public List<ProcessIdentity> descendants() {
        return pinned(List.of(), stop::descendants);
    }

    @Override
    public Optional<Usage> usage() {
        return pinned(Optional.empty(), () -> ProcUsage.of(held.pid()));
    }

    @Override
    public OutputStream stdin() {
        return input.stream();
    }

    @Override
    public boolean isConsumerThread() {
        return deliveries.isCurrentThread();
    }

    @Override
    public boolean signal(Signal signal) {
        return pinned(false, () -> !exited && held.signal(signal));
    }

    /** Does something while the child is not reaped, or answers at once if it was. */
    private <T> T pinned(T otherwise, Supplier<T> action) {
        if (!held.pin()) {
            return otherwise;
        }
        try {
            return action.get();
        } finally {
            stop.unpin();
        }
    }

    @Override
    public StopReport stop(StopPolicy policy, Cause why) {
        StopReport report = stop.climb(policy, why);
        if (report.survivors().isEmpty() && !isConsumerThread()) {
            awaitEndBriefly();
        }
        return report;
    }

    @Override
    public void kill() {
        stop.kill(Cause.STOPPED);
    }

    @Override
    public Ended awaitOrStop() throws InterruptedException {
        return driven ? drive() : Waiting.joinOrStop(ended, spec.name(), () -> endBecause(Cause.INTERRUPTED));
    }

    @Override
    public void endBecause(Cause why) {
        loop.execute(() -> stopForGood(why));
    }

    /** The waiting thread is the one that does the work; an interrupt wakes it out of the kernel. */
    private Ended drive() throws InterruptedException {
        boolean[] interrupted = {false};
        Interruption interruption = new Interruption(loop::wakeUp);
        interruption.enter();
        try {
            loop.drive(() -> {
                if (!ended.isDone() && Thread.interrupted() && !interrupted[0]) {
                    interrupted[0] = true;
                    stopForGood(Cause.INTERRUPTED);
                }
                return ended.isDone();
            });
        } finally {
            interruption.leave();
            EventLoops.giveBack(loop);
        }
        if (interrupted[0]) {
            throw Waiting.interruption(spec.name());
        }
        return ended.join();
    }

    private void unpinned() {
        if (exited) {
            loop.execute(this::settle);
        }
    }

    /** {@link #exited} is set by the loop, a moment after the kernel shows a zombie. */
    private void awaitEndBriefly() {
        try {
            ended.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // a consumer takes its time: the process is gone all the same
        }
    }

    // ---- the course of things: the loop's thread

    /** The time of the whole call is over, or its caller wants it no more. */
    private void stopForGood(Cause why) {
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
            Complaints.log(LOG, "no thread to stop process " + pid() + " (" + spec.name() + "): it is killed", e);
            killForGood(why);
        }
    }

    /** For when there is no climbing the ladder. */
    private void killForGood(Cause why) {
        if (!exited) {
            stop.killNow(why);
        }
        loop.schedule(LATE_DELIVERY_NANOS, () -> stoppedForGood(why));
    }

    private void stoppedForGood(Cause why) {
        if (ended.isDone()) {
            return;
        }
        if (exited || held.hasEnded()) {
            lateDelivery = loop.schedule(LATE_DELIVERY_NANOS, this::giveUpStreams);
            return;
        }
        LOG.warn("process {} ({}) survived {}", pid(), spec.name(), spec.stopPolicy());
        stop.isBecause(why);
        exitNanos = System.nanoTime();
        streams.close();
        complete(new ExitStatus.Unknown("it survived " + spec.stopPolicy()));
    }

    private void timeOver() {
        timeout = null;
        stopForGood(Cause.TIMED_OUT);
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

    private void settleOrAgain() {
        try {
            settle();
        } catch (OutOfMemoryError e) {
            loop.runAgain(settling, e);
        }
    }

    /** Goes as far towards the end as can be gone now. */
    private void settle() {
        if (!ended.isDone() && exitSeenTo && streams.areSettled() && reaped() && streams.areDelivered()) {
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
        HeldPid.Reaping reaping = held.reap();
        if (reaping == HeldPid.Reaping.NOT_YET) {
            loop.schedule(NOT_YET_NANOS, this::settle);
        }
        return reaping == HeldPid.Reaping.DONE;
    }

    private void complete(ExitStatus how) {
        cancel(timeout);
        cancel(lateDelivery);
        streams.stopTimer();
        loop.addLoad(-1);
        try {
            Ended end = end(how);
            if (containment != null) {
                containment.end();
            }
            ended.complete(end);
        } catch (Throwable e) {
            // Somebody waits for it, whatever was lost. Those that hang on it log what they cannot do.
            Complaints.log(LOG, "no memory for what process " + pid() + " left: its output is lost", e);
            ended.complete(WITHOUT_MEMORY);
        }
    }

    private Ended end(ExitStatus how) {
        return new Ended(
                how,
                containment == null ? stop.cause() : containment.cause(how, stop.cause()),
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
