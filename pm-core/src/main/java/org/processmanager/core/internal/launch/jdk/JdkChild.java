package org.processmanager.core.internal.launch.jdk;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.LaunchException;
import org.processmanager.core.NotPermittedException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.AbstractChild;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.stream.WatchableSink;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.PortableTree;
import org.processmanager.core.internal.tree.ProcUsage;
import org.processmanager.core.internal.tree.StopSteps;
import org.processmanager.core.internal.util.ExitCaller;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.slf4j.LoggerFactory;

/**
 * A child started by {@link ProcessBuilder}. One daemon thread watches it from its start to the last delivery; one more
 * reads each captured stream, and one writes standard input. As with the other launcher, the child ends with its exit, not
 * with the end of its streams.
 */
public final class JdkChild extends AbstractChild {
    private static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** The time that the JDK gets to report an exit. */
    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long KILL_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Process process;
    private final long startTicks;
    private final long startNanos;
    private final Sinks sinks;
    private final JdkStreams streams;
    private final JdkInput input;

    private final AtomicInteger runningStops = new AtomicInteger();
    private final Runnable release;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** The time, in nanoseconds after the start, from which streams and consumers are no longer awaited. */
    private volatile long deadlineNanos = Long.MAX_VALUE;

    /**
     * @param release run before the completion, perhaps more than once, but not if {@link #start} fails
     */
    public JdkChild(LaunchSpec spec, Process process, Sinks sinks, Runnable release, long startNanos) {
        super(spec, startNanos);
        this.process = process;
        this.release = release;
        this.startNanos = startNanos;
        this.sinks = sinks;
        streams = new JdkStreams(spec, sinks, process, this::signalChange);
        startTicks = PortableTree.startTicks(process.toHandle());
        input = new JdkInput(spec, process.getOutputStream());
    }

    public JdkChild start() {
        try {
            startThreads();
        } catch (OutOfMemoryError e) {
            killPartiallyStarted();
            throw new LaunchException(
                    LaunchException.Reason.RESOURCES_EXHAUSTED,
                    "cannot start " + spec.program() + ": cannot create the thread that watches it",
                    e);
        } catch (RuntimeException | Error e) {
            killPartiallyStarted();
            throw e;
        }
        return this;
    }

    /** Starts to move the output of this child, a stage that is not the last, into the standard input of the next one. */
    void linkTo(JdkChild next) {
        ProcessOutput output = Objects.requireNonNull(streams.output(1));
        try {
            startThread("link", () -> PipelinePump.run(output, next.process.getOutputStream()));
        } catch (OutOfMemoryError e) {
            throw new LaunchException(
                    LaunchException.Reason.RESOURCES_EXHAUSTED,
                    "cannot start a pipeline: cannot create the thread that connects " + spec.program(),
                    e);
        }
    }

    @Override
    public void discard() {
        super.discard();
        streams.closeAll();
    }

    /** Kills a child whose start failed, and closes its pipes. */
    private void killPartiallyStarted() {
        process.destroyForcibly();
        while (process.isAlive()) {
            Threads.pause(KILL_PAUSE_NANOS);
        }
        streams.discard();
        input.exited();
        streams.closeAll();
    }

    /** Starts the reading threads first: they must have the monitors of their streams at the exit. */
    private void startThreads() {
        streams.start(this::startThread);
        startThread("watch", this::watch);
        input.start(this::startThread);
    }

    private void startThread(String what, Runnable body) {
        Threads.daemon("pm-" + what + "-" + process.pid(), body).start();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean hasExited() {
        return !process.isAlive();
    }

    /** The JDK reaps at any time, so information about the pid is valid only if the process is alive afterwards. */
    private <T> T whileAlive(T otherwise, Supplier<T> action) {
        T answer = action.get();
        return process.isAlive() ? answer : otherwise;
    }

    @Override
    public Optional<ProcessIdentity> identity() {
        return whileAlive(Optional.empty(), () -> Identities.of(pid()));
    }

    @Override
    public List<ProcessIdentity> descendants() {
        return whileAlive(List.of(), () -> tree(EndReason.TERMINATED).descendants());
    }

    @Override
    public Optional<ResourceUsage> usage() {
        return whileAlive(Optional.empty(), () -> ProcUsage.of(Math.toIntExact(pid())));
    }

    @Override
    public boolean isReleased() {
        return !process.isAlive();
    }

    @Override
    public Holdings holdings() {
        Holdings.Listing listing = new Holdings.Listing();
        if (!completion().isDone()) {
            streams.listTo(listing);
        }
        return listing.of(process.isAlive(), false);
    }

    @Override
    public boolean sharesGroup() {
        return true;
    }

    @Override
    public boolean isSuspended() {
        return PortableTree.isSuspended(process.toHandle());
    }

    @Override
    public @Nullable WatchableSink output(int stream) {
        return sinks.of(stream);
    }

    @Override
    public OutputStream stdin() {
        return input.stream();
    }

    @Override
    public boolean isConsumerThread() {
        return sinks.isConsumerThread();
    }

    @Override
    public boolean signal(Signal signal) {
        if (!process.isAlive()) {
            return false;
        }
        boolean sent = PortableTree.send(process.toHandle(), signal);
        if (!sent && !exitsPromptly()) {
            throw new NotPermittedException(
                    "cannot send " + signal + " to process " + pid() + ": the system does not allow it", null);
        }
        return sent;
    }

    /** Returns whether it has exited; the JDK reports that a moment after it has reaped the process. */
    private boolean exitsPromptly() {
        try {
            Uninterruptibles.get(process.onExit(), NOTICE_NANOS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return PortableTree.isZombie(process.toHandle());
        }
    }

    @Override
    public StopReport runStop(StopPolicy policy, EndReason why) {
        PortableTree.check(policy);
        if (completion().isDone()) {
            return StopSteps.NOTHING_TO_DO;
        }
        runningStops.incrementAndGet();
        try {
            return runStop(policy, why, tree(why), () -> closeStdin(why));
        } finally {
            runningStops.decrementAndGet();
            signalChange();
        }
    }

    @Override
    protected void boundDelivery() {
        setDeadline(System.nanoTime() - startNanos + ExitCaller.patience(LATE_DELIVERY_NANOS));
    }

    private PortableTree tree(EndReason why) {
        return new PortableTree(process.toHandle(), startTicks, process::isAlive, () -> recordReason(why));
    }

    private boolean closeStdin(EndReason why) {
        if (!input.isOpen()) {
            return false;
        }
        if (process.isAlive()) {
            recordReason(why); // before the input is closed, since the exit may follow at once
        }
        return input.closeForStop();
    }

    private boolean isStopRunning() {
        return runningStops.get() > 0;
    }

    @Override
    public void terminate(EndReason why) {
        Threads.WORKERS_OR_CALLER.execute(() -> stopByPolicy(why));
    }

    private void stopByPolicy(EndReason why) {
        StopReport report = runStop(spec.stopPolicy(), why);
        setDeadline(System.nanoTime() - startNanos + LATE_DELIVERY_NANOS);
        boolean survived = report.survivors().stream().anyMatch(survivor -> survivor.pid() == process.pid());
        if (survived ? process.isAlive() : !exitsPromptly()) {
            recordReason(why);
            streams.end();
            complete(new ExitStatus.Unknown("it survived " + spec.stopPolicy()), System.nanoTime());
        }
    }

    private void setDeadline(long afterNanos) {
        deadlineNanos = Math.min(deadlineNanos, afterNanos);
        signalChange();
    }

    // ---- on the watching thread

    private void watch() {
        try {
            int code = awaitExit();
            long exitNanos = System.nanoTime();
            try {
                settle(exitNanos);
            } finally {
                complete(status(code), exitNanos);
            }
        } catch (InterruptedException e) {
            complete(new ExitStatus.Unknown("the thread that watched it was interrupted"), System.nanoTime());
        }
    }

    /** Where this JVM ignores SIGCHLD, the kernel reaps the children, and the JDK reports 0. */
    private ExitStatus status(int code) {
        return code == 0 && IgnoredSignals.isChildIgnored()
                ? new ExitStatus.Unknown("the kernel reaped process " + pid() + ", as this JVM ignores SIGCHLD")
                : new ExitStatus.Exited(code);
    }

    private void settle(long exitNanos) throws InterruptedException {
        input.exited();
        streams.exited();
        awaitUntil(() -> streams.areOver(isStopRunning(), isPastDeadline()));
        boolean late = isPastDeadline();
        streams.end();
        // Output that was read after the deadline is also delivered.
        awaitUntil(() -> {
            streams.poll(isPastDeadline());
            return streams.areDelivered() || streams.lateNanos() > (late ? LATE_DELIVERY_NANOS : 0);
        });
        awaitUntil(() -> !isStopRunning() || System.nanoTime() - exitNanos > LATE_DELIVERY_NANOS);
    }

    private int awaitExit() throws InterruptedException {
        Duration timeout = spec.timeout();
        if (timeout != null) {
            long left = Nanos.of(timeout) - (System.nanoTime() - startNanos);
            // The JDK notices the exit a moment later, in particular if this JVM was suspended.
            if (process.waitFor(Math.max(0, left), TimeUnit.NANOSECONDS) || PortableTree.isZombie(process.toHandle())) {
                setDeadline(Nanos.of(timeout));
            } else {
                stopByPolicy(EndReason.TIMED_OUT);
            }
        }
        return process.waitFor();
    }

    private void complete(ExitStatus status, long exitNanos) {
        if (completion().isDone()) {
            return;
        }
        streams.abandon();
        release();
        completion()
                .complete(new ProcessExit(
                        status,
                        endReason(),
                        input.failure(),
                        streams.stdout(),
                        streams.stderr(),
                        Duration.ofNanos(exitNanos - startNanos),
                        exitNanos,
                        null,
                        streams.areIncomplete(),
                        streams.holders(),
                        stopReport()));
    }

    /** Completes the child even if releasing its resources fails, since waiters must be notified. */
    private void release() {
        try {
            release.run();
        } catch (RuntimeException | Error e) {
            LoggerFactory.getLogger(JdkChild.class)
                    .warn("releasing what was created for process {} failed: {}", process.pid(), e.toString());
        }
    }

    private boolean isPastDeadline() {
        return System.nanoTime() - startNanos > deadlineNanos;
    }

    private void awaitUntil(BooleanSupplier condition) throws InterruptedException {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                changed.awaitNanos(POLL_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void signalChange() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
