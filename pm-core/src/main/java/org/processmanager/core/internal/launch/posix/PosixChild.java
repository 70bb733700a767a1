package org.processmanager.core.internal.launch.posix;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.ExitWaiting;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.reactor.Interruption;
import org.processmanager.core.internal.stream.WatchableSink;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.ProcUsage;

/**
 * A child started by {@code posix_spawn}, as other threads use it: they pin, signal, and post tasks to the loop, on whose
 * thread its {@link ChildLifecycle} runs.
 */
final class PosixChild implements ChildProcess {
    private final LaunchSpec spec;
    private final PidHandle held;
    private final EventLoop loop;
    /** The thread that launched it drives the loop until the end. */
    private final boolean driven;

    private final Sinks sinks;
    private final ChildLifecycle course;
    private final PosixStop stop;

    PosixChild(
            LaunchSpec spec,
            PidHandle held,
            @Nullable Cgroup cgroup,
            ChildDescriptors descriptors,
            Sinks sinks,
            EventLoop loop,
            boolean driven,
            long startNanos) {
        this.spec = spec;
        this.held = held;
        this.loop = loop;
        this.driven = driven;
        this.sinks = sinks;
        course = new ChildLifecycle(spec, held, cgroup, descriptors, sinks, loop, startNanos);
        stop = course.stop();
    }

    /** Starts to watch, on the loop's thread. */
    void begin() {
        course.begin();
    }

    @Override
    public long pid() {
        return held.pid();
    }

    @Override
    public CompletableFuture<ProcessExit> ended() {
        return course.ended();
    }

    @Override
    public boolean hasExited() {
        return course.hasExited();
    }

    @Override
    public boolean isReleased() {
        return held.isReaped();
    }

    /** Asked on the loop's thread, unless that has better things to do. */
    @Override
    public Holdings holdings() {
        if (course.ended().isDone() && held.isReaped()) {
            return new Holdings.Listing().of(false, false);
        }
        CompletableFuture<Holdings> told = new CompletableFuture<>();
        loop.execute(() -> told.complete(list()));
        try {
            return told.get(ChildLifecycle.LATE_DELIVERY_NANOS, TimeUnit.NANOSECONDS);
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
        course.input().listTo(listing);
        course.streams().listTo(listing);
        return listing.of(!course.hasExited(), course.hasExited() && !reaped);
    }

    @Override
    public boolean isSuspended() {
        return pinned(false, held::isSuspended);
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
    public Optional<ResourceUsage> usage() {
        return pinned(Optional.empty(), () -> ProcUsage.of(held.pid()));
    }

    @Override
    public @Nullable WatchableSink output(int stream) {
        return sinks.of(stream);
    }

    @Override
    public OutputStream stdin() {
        return course.input().stream();
    }

    @Override
    public boolean isConsumerThread() {
        return sinks.deliveries().isCurrentThread();
    }

    @Override
    public boolean signal(Signal signal) {
        return pinned(false, () -> !course.hasExited() && held.signal(signal));
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
    public StopReport stop(StopPolicy policy, EndReason why) {
        StopReport report = stop.climb(policy, why);
        if (report.survivors().isEmpty() && !isConsumerThread()) {
            awaitEndBriefly();
        }
        return report;
    }

    @Override
    public void kill() {
        stop.kill(EndReason.TERMINATED);
    }

    @Override
    public ProcessExit awaitOrStop() throws InterruptedException {
        return driven
                ? drive()
                : ExitWaiting.joinOrStop(course.ended(), spec.name(), () -> endBecause(EndReason.INTERRUPTED));
    }

    @Override
    public void endBecause(EndReason why) {
        loop.execute(() -> course.stopForGood(why));
    }

    /** The waiting thread is the one that does the work; an interrupt wakes it out of the kernel. */
    private ProcessExit drive() throws InterruptedException {
        boolean[] interrupted = {false};
        Interruption interruption = new Interruption(loop::wakeUp);
        interruption.enter();
        try {
            loop.drive(() -> {
                if (!course.ended().isDone() && Thread.interrupted() && !interrupted[0]) {
                    interrupted[0] = true;
                    course.stopForGood(EndReason.INTERRUPTED);
                }
                return course.ended().isDone();
            });
        } finally {
            interruption.leave();
            EventLoops.giveBack(loop);
        }
        if (interrupted[0]) {
            throw ExitWaiting.interruption(spec.name());
        }
        return course.ended().join();
    }

    /** {@link ChildLifecycle#hasExited} is set by the loop, a moment after the kernel shows a zombie. */
    private void awaitEndBriefly() {
        try {
            course.ended().get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // a consumer takes its time: the process is gone all the same
        }
    }
}
