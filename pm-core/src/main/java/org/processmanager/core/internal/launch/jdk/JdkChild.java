package org.processmanager.core.internal.launch.jdk;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.ExitWaiting;
import org.processmanager.core.internal.launch.Holdings;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.stream.WatchableSink;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.PortableTree;
import org.processmanager.core.internal.tree.ProcUsage;
import org.processmanager.core.internal.tree.StopSteps;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;

/**
 * A child started by {@link ProcessBuilder}. One daemon thread watches it from its start to the last delivery; one more
 * reads each captured stream, and one feeds standard input. As with the other launcher the exit is what ends it, not the
 * end of its streams.
 */
public final class JdkChild implements ChildProcess {
    private static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long NO_MEMORY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long UNBORN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private final LaunchSpec spec;
    private final Process process;
    private final long startNanos;
    private final Sinks sinks;
    private final JdkStreams streams;
    private final JdkInput input;
    private final CompletableFuture<ProcessExit> ended = new CompletableFuture<>();
    private final JdkStop stop;
    private final Runnable release;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** From then on nobody waits for streams and consumers any more; in terms of nanoTime, from the start. */
    private volatile long patienceNanos = Long.MAX_VALUE;

    /**
     * @param release lets go of what was made for the child; run before anybody hears of the end, perhaps more than once, but
     *     not if {@link #begin} fails
     */
    public JdkChild(LaunchSpec spec, Process process, Sinks sinks, Runnable release, long startNanos) {
        this.spec = spec;
        this.process = process;
        this.release = release;
        this.startNanos = startNanos;
        this.sinks = sinks;
        streams = new JdkStreams(sinks, process, this::signalChange);
        input = new JdkInput(spec, process.getOutputStream());
        stop = new JdkStop(process, input, this::signalChange);
    }

    public JdkChild begin() {
        try {
            startThreads();
        } catch (OutOfMemoryError e) {
            killUnborn();
            throw new LaunchException.ResourcesExhausted(
                    "cannot start " + spec.program() + ": no thread can be made to watch it", e);
        } catch (RuntimeException | Error e) {
            killUnborn();
            throw e;
        }
        return this;
    }

    /** Starts to move what this one writes into another one's standard input. */
    void linkTo(JdkChild next) {
        try {
            start("link", () -> PipelinePump.run(process.getInputStream(), next.process.getOutputStream()));
        } catch (OutOfMemoryError e) {
            throw new LaunchException.ResourcesExhausted(
                    "cannot start a pipeline: no thread can be made to connect " + spec.program(), e);
        }
    }

    @Override
    public void discard() {
        ChildProcess.super.discard();
        streams.closeAll();
    }

    /** Ends a child that nobody will answer for, and lets go of its pipes. */
    private void killUnborn() {
        process.destroyForcibly();
        while (process.isAlive()) {
            Threads.pause(UNBORN_PAUSE_NANOS);
        }
        streams.end();
        input.exited();
        streams.closeAll();
    }

    /** The watch first: without it nobody would ever hear of the end. */
    private void startThreads() {
        start("watch", this::watch);
        streams.begin(this::start);
        input.begin(this::start);
    }

    private void start(String what, Runnable body) {
        Threads.daemon("pm-" + what + "-" + process.pid(), body).start();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public CompletableFuture<ProcessExit> ended() {
        return ended;
    }

    @Override
    public boolean hasExited() {
        return !process.isAlive();
    }

    /** The JDK reaps in its own time: what is told of the number counts if the process lives afterwards. */
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
        return whileAlive(List.of(), stop::descendants);
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
        if (!ended.isDone()) {
            streams.listTo(listing);
        }
        return listing.of(process.isAlive(), false);
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
        return sinks.deliveries().isCurrentThread();
    }

    @Override
    public boolean signal(Signal signal) {
        if (!process.isAlive()) {
            return false;
        }
        boolean sent = PortableTree.send(process.toHandle(), signal);
        if (!sent && !PortableTree.hasExited(process.toHandle())) {
            throw new NotPermittedException(
                    "cannot send " + signal + " to process " + pid() + ": the system does not allow it", null);
        }
        return sent;
    }

    @Override
    public StopReport stop(StopPolicy policy, EndReason why) {
        PortableTree.check(policy);
        StopReport report = climb(policy, why);
        if (report.survivors().isEmpty() && !isConsumerThread()) {
            try {
                ended.get(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // a consumer takes its time: the process is gone all the same
            }
        }
        return report;
    }

    @Override
    public void kill() {
        if (!ended.isDone()) {
            stop.kill(EndReason.TERMINATED);
        }
    }

    @Override
    public ProcessExit awaitOrStop() throws InterruptedException {
        return ExitWaiting.joinOrStop(ended, spec.name(), () -> endBecause(EndReason.INTERRUPTED));
    }

    @Override
    public void endBecause(EndReason why) {
        deliver(() -> stopForGood(why));
    }

    private StopReport climb(StopPolicy policy, EndReason why) {
        return ended.isDone() ? StopSteps.NOTHING_TO_DO : stop.climb(policy, why);
    }

    private void stopForGood(EndReason why) {
        StopReport report = climb(spec.stopPolicy(), why);
        losePatience(System.nanoTime() - startNanos + LATE_DELIVERY_NANOS);
        if (process.isAlive() && report.survivors().stream().anyMatch(survivor -> survivor.pid() == process.pid())) {
            stop.isBecause(why);
            streams.end();
            complete(new ExitStatus.Unknown("it survived " + spec.stopPolicy()), System.nanoTime());
        }
    }

    private void losePatience(long afterNanos) {
        patienceNanos = Math.min(patienceNanos, afterNanos);
        signalChange();
    }

    // ---- the watching thread

    private void watch() {
        try {
            int code = awaitExitWithoutMemory();
            long exitNanos = System.nanoTime();
            try {
                settle(exitNanos);
            } catch (RuntimeException | Error e) {
                // Of want of memory, say. The streams may be cut short: whoever waits must hear of the end.
            }
            completeInTheEnd(code, exitNanos);
        } catch (InterruptedException e) {
            complete(new ExitStatus.Unknown("the thread that watched it was interrupted"), System.nanoTime());
        }
    }

    private void settle(long exitNanos) throws InterruptedException {
        input.exited();
        streams.exited();
        boolean[] late = {false};
        awaitUntil(() -> {
            streams.look();
            if (streams.haveEnded(stop.isRunning()) || isPatienceOver(0) && streams.areDrained()) {
                return true;
            }
            late[0] = isPatienceOver(0);
            return isPatienceOver(LATE_DELIVERY_NANOS);
        });
        streams.end();
        // What was read in that last while is delivered in it, too.
        awaitUntil(() -> streams.areDelivered() || isPatienceOver(late[0] ? LATE_DELIVERY_NANOS : 0));
        awaitUntil(() -> !stop.isRunning() || System.nanoTime() - exitNanos > LATE_DELIVERY_NANOS);
    }

    private void completeInTheEnd(int code, long exitNanos) {
        while (!ended.isDone()) {
            try {
                complete(new ExitStatus.Exited(code), exitNanos);
            } catch (OutOfMemoryError e) {
                Threads.pause(NO_MEMORY_PAUSE_NANOS);
            }
        }
    }

    private int awaitExitWithoutMemory() throws InterruptedException {
        while (true) {
            try {
                return awaitExit();
            } catch (OutOfMemoryError e) {
                Threads.pause(NO_MEMORY_PAUSE_NANOS);
            }
        }
    }

    private int awaitExit() throws InterruptedException {
        Duration timeout = spec.timeout();
        if (timeout != null) {
            long left = Nanos.of(timeout) - (System.nanoTime() - startNanos);
            if (process.waitFor(Math.max(0, left), TimeUnit.NANOSECONDS)) {
                losePatience(Nanos.of(timeout));
            } else {
                stopForGood(EndReason.TIMED_OUT);
            }
        }
        return process.waitFor();
    }

    private void complete(ExitStatus status, long exitNanos) {
        streams.abandon();
        letGo();
        ended.complete(new ProcessExit(
                status,
                stop.endReason(),
                input.failure(),
                streams.stdout(),
                streams.stderr(),
                Duration.ofNanos(exitNanos - startNanos),
                exitNanos,
                Optional.empty(),
                List.of(),
                stop.report()));
    }

    private void letGo() {
        try {
            release.run();
        } catch (OutOfMemoryError e) {
            throw e; // it is tried again
        } catch (RuntimeException | Error e) {
            // Whatever it left behind, whoever waits must hear of the end.
        }
    }

    private boolean isPatienceOver(long sinceNanos) {
        return System.nanoTime() - startNanos - sinceNanos > patienceNanos;
    }

    private void awaitUntil(BooleanSupplier condition) throws InterruptedException {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                changed.awaitNanos(LOOK_NANOS);
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

    /** Where no thread can be made, the one that asks does it. */
    static void deliver(Runnable task) {
        try {
            Threads.WORKERS.execute(task);
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            task.run();
        }
    }
}
