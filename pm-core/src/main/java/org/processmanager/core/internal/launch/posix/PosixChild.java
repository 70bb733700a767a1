package org.processmanager.core.internal.launch.posix;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.AbstractChild;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.io.ChildInput;
import org.processmanager.core.internal.launch.io.ChildStreams;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.stream.WatchableSink;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.PosixTree;
import org.processmanager.core.internal.tree.ProcUsage;
import org.processmanager.core.internal.tree.ProcessTree;
import org.processmanager.core.internal.tree.StopSteps;
import org.processmanager.core.internal.tree.TreeScope;
import org.processmanager.core.internal.util.Uninterruptibles;

/**
 * A child started by {@code posix_spawn}, as other threads use it: they retain its handle, signal, and post tasks to the loop,
 * on whose thread its {@link ChildLifecycle} runs.
 */
final class PosixChild extends AbstractChild {
    private final PidHandle handle;
    private final EventLoop loop;
    private final Sinks sinks;
    private final @Nullable Cgroup cgroup;
    private final @Nullable ChildInput input;
    private final ChildStreams streams;
    private final ChildLifecycle lifecycle;
    /** The launching thread drives the loop until the child is complete. Written before other threads know the child. */
    private boolean driven;

    PosixChild(
            LaunchSpec spec,
            PidHandle handle,
            @Nullable Cgroup cgroup,
            ChildDescriptors descriptors,
            Sinks sinks,
            EventLoop loop,
            long startNanos) {
        super(spec, startNanos);
        this.handle = handle;
        this.loop = loop;
        this.sinks = sinks;
        this.cgroup = cgroup;
        int stdin = descriptors.parentFd(0);
        input = stdin < 0 ? null : new ChildInput(spec, loop, stdin);
        streams = new ChildStreams(spec, handle.pid(), sinks, descriptors.parentFd(1), descriptors.parentFd(2), loop);
        lifecycle = new ChildLifecycle(
                this, handle, loop, cgroup == null ? null : new CgroupLifetime(cgroup), input, streams, startNanos);
    }

    /** Starts to watch the child; on the calling thread if it will {@linkplain #awaitOrStop drive} the loop. */
    void start(boolean callerDrives) {
        driven = callerDrives;
        if (callerDrives) {
            lifecycle.start();
        } else {
            loop.execute(lifecycle::start);
        }
    }

    @Override
    public long pid() {
        return handle.pid();
    }

    @Override
    public boolean sharesGroup() {
        return !spec().leadsGroup();
    }

    @Override
    public boolean hasExited() {
        return lifecycle.hasExited();
    }

    @Override
    public boolean isReleased() {
        return handle.isClosed();
    }

    /** Returns the answer of the loop's thread, unless that thread is busy for long. */
    @Override
    public Holdings holdings() {
        if (completion().isDone() && handle.isClosed()) {
            return new Holdings.Listing().of(false, false);
        }
        CompletableFuture<Holdings> listed = new CompletableFuture<>();
        loop.execute(() -> listed.complete(list()));
        try {
            return Uninterruptibles.get(listed, ChildLifecycle.LATE_DELIVERY_NANOS);
        } catch (ExecutionException | TimeoutException e) {
            return list();
        }
    }

    private Holdings list() {
        Holdings.Listing listing = new Holdings.Listing();
        boolean reaped = handle.isClosed();
        if (!reaped) {
            listing.descriptor(handle.pidfd(), "pidfd");
        }
        if (input != null) {
            input.listTo(listing);
        }
        streams.listTo(listing);
        return listing.of(!hasExited(), hasExited() && !reaped);
    }

    @Override
    public boolean isSuspended() {
        return retained(false, handle::isSuspended);
    }

    @Override
    public Optional<ProcessIdentity> identity() {
        return retained(Optional.empty(), () -> Identities.of(pid()));
    }

    @Override
    public List<ProcessIdentity> descendants() {
        return retained(List.of(), () -> tree(EndReason.TERMINATED).descendants());
    }

    @Override
    public Optional<ResourceUsage> usage() {
        return retained(Optional.empty(), () -> ProcUsage.of(handle.pid()));
    }

    @Override
    public @Nullable WatchableSink output(int stream) {
        return sinks.of(stream);
    }

    @Override
    public OutputStream stdin() {
        if (input == null) {
            throw ChildInput.noPipe(spec());
        }
        return input.stream();
    }

    @Override
    public boolean isConsumerThread() {
        return sinks.isConsumerThread();
    }

    @Override
    public boolean signal(Signal signal) {
        return retained(false, () -> !hasExited() && handle.signal(signal));
    }

    /** Calls a function while the child cannot be reaped; returns at once if it was reaped. */
    private <T> T retained(T otherwise, Supplier<T> action) {
        if (!handle.retain()) {
            return otherwise;
        }
        try {
            return action.get();
        } finally {
            if (handle.release()) {
                lifecycle.released();
            }
        }
    }

    @Override
    public StopReport runStop(StopPolicy policy, EndReason why) {
        return retained(StopSteps.NOTHING_TO_DO, () -> runStop(policy, why, tree(why), () -> closeStdin(why)));
    }

    @Override
    protected void boundDelivery() {
        if (!completion().isDone()) {
            loop.execute(lifecycle::boundDelivery);
        }
    }

    private boolean closeStdin(EndReason why) {
        boolean before = handle.hasEnded();
        boolean closed = input != null && input.closeForStop();
        if (closed && !before) {
            recordReason(why);
        }
        return closed;
    }

    private PosixTree tree(EndReason why) {
        TreeScope scope = new TreeScope(spec().leadsGroup(), spec().leadsSession(), cgroup);
        return new PosixTree(handle.pid(), handle.pidfd(), scope, () -> recordReason(why));
    }

    /** Sends KILL to the process and the group that it leads; needs neither a thread nor a descriptor. Not after reaping. */
    void killNow(EndReason why) {
        PosixTree tree = tree(why);
        tree.sendToGroup(Signal.KILL);
        tree.send(new ProcessTree.Member(handle.pid(), 0, false), Signal.KILL);
    }

    @Override
    public void terminate(EndReason why) {
        loop.execute(() -> lifecycle.terminate(why));
    }

    @Override
    public void awaitOrStop(Future<?> completed) throws InterruptedException {
        if (driven) {
            drive();
        } else {
            super.awaitOrStop(completed);
        }
    }

    /** Drives the loop on the calling thread until completion; an interrupt wakes it from the kernel. */
    private void drive() throws InterruptedException {
        Drive drive = new Drive();
        try {
            EventLoops.drive(loop, drive);
        } finally {
            EventLoops.giveBack(loop);
        }
        if (drive.interrupted) {
            throw interruption();
        }
    }

    /** The condition that ends {@link #drive}: the child is complete. The first interrupt stops the child. */
    private final class Drive implements BooleanSupplier {
        private boolean interrupted;

        @Override
        public boolean getAsBoolean() {
            if (completion().isDone()) {
                return true;
            }
            if (Thread.interrupted() && !interrupted) {
                interrupted = true;
                lifecycle.terminate(EndReason.INTERRUPTED);
            }
            return false;
        }
    }
}
