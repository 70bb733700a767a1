package org.processmanager.core.internal.launch;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
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
import org.processmanager.core.Cause;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.Usage;
import org.processmanager.core.internal.reactor.Nanos;
import org.processmanager.core.internal.reactor.Threads;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.stream.Sink;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.PortableTree;
import org.processmanager.core.internal.tree.ProcUsage;
import org.processmanager.core.internal.tree.StopLadder;

/**
 * A child started by {@link ProcessBuilder}. One daemon thread watches it from its start to the last delivery; one more
 * reads each captured stream, and one feeds standard input. As with the other launcher the exit is what ends it, not the
 * end of its streams.
 */
final class JdkChild implements Child {
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long NO_MEMORY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long UNBORN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private final LaunchSpec spec;
    private final Process process;
    private final long startNanos;
    private final SerialTasks deliveries;
    private final @Nullable JdkPump stdout;
    private final @Nullable JdkPump stderr;
    private final List<JdkPump> pumps = new ArrayList<>(2);
    private final JdkInput input;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private final JdkStop stop;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** From then on nobody waits for streams and consumers any more; in terms of nanoTime, from the start. */
    private volatile long patienceNanos = Long.MAX_VALUE;

    JdkChild(LaunchSpec spec, Process process, Sinks sinks, long startNanos) {
        this.spec = spec;
        this.process = process;
        this.startNanos = startNanos;
        deliveries = sinks.deliveries();
        stdout = pump(sinks.of(1), process.getInputStream());
        stderr = pump(sinks.of(2), process.getErrorStream());
        input = new JdkInput(spec, process.getOutputStream());
        stop = new JdkStop(process, input, this::signalChange);
    }

    private @Nullable JdkPump pump(@Nullable Sink sink, InputStream in) {
        if (sink == null) {
            return null;
        }
        JdkPump pump = new JdkPump(sink, in, this::signalChange);
        pumps.add(pump);
        return pump;
    }

    JdkChild begin() {
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
            start("link", () -> StageLink.run(process.getInputStream(), next.process.getOutputStream()));
        } catch (OutOfMemoryError e) {
            throw new LaunchException.ResourcesExhausted(
                    "cannot start a pipeline: no thread can be made to connect " + spec.program(), e);
        }
    }

    @Override
    public void discard() {
        Child.super.discard();
        closeStreams();
    }

    /** Ends a child that nobody will answer for, and lets go of its pipes. */
    private void killUnborn() {
        process.destroyForcibly();
        while (process.isAlive()) {
            Threads.pause(UNBORN_PAUSE_NANOS);
        }
        pumps.forEach(JdkPump::end);
        input.exited();
        closeStreams();
    }

    private void closeStreams() {
        closeQuietly(process.getInputStream());
        closeQuietly(process.getErrorStream());
        closeQuietly(process.getOutputStream());
    }

    private static void closeQuietly(Closeable stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }

    /** The watch first: without it nobody would ever hear of the end. */
    private void startThreads() {
        start("watch", this::watch);
        for (JdkPump pump : pumps) {
            start("out", pump::pump);
        }
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
    public CompletableFuture<Ended> ended() {
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
    public Optional<Usage> usage() {
        return whileAlive(Optional.empty(), () -> ProcUsage.of(Math.toIntExact(pid())));
    }

    @Override
    public boolean isReleased() {
        return !process.isAlive();
    }

    @Override
    public Holdings holdings() {
        Holdings.Listing listing = new Holdings.Listing();
        list(listing, stdout, "standard output");
        list(listing, stderr, "standard error");
        return listing.of(process.isAlive(), false);
    }

    private void list(Holdings.Listing listing, @Nullable JdkPump pump, String stream) {
        if (pump != null && !ended.isDone() && !pump.isDelivered()) {
            listing.pump(stream);
        }
    }

    @Override
    public boolean isHalted() {
        return PortableTree.isHalted(process.toHandle());
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
        return process.isAlive() && PortableTree.send(process.toHandle(), signal);
    }

    @Override
    public StopReport stop(StopPolicy policy, Cause why) {
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
            stop.kill(Cause.STOPPED);
        }
    }

    @Override
    public Ended awaitOrStop() throws InterruptedException {
        return Waiting.joinOrStop(ended, spec.name(), () -> endBecause(Cause.INTERRUPTED));
    }

    @Override
    public void endBecause(Cause why) {
        deliver(() -> stopForGood(why));
    }

    private StopReport climb(StopPolicy policy, Cause why) {
        return ended.isDone() ? StopLadder.NOTHING_TO_DO : stop.climb(policy, why);
    }

    private void stopForGood(Cause why) {
        StopReport report = climb(spec.stopPolicy(), why);
        losePatience(System.nanoTime() - startNanos + LATE_DELIVERY_NANOS);
        if (process.isAlive() && report.survivors().stream().anyMatch(survivor -> survivor.pid() == process.pid())) {
            stop.isBecause(why);
            pumps.forEach(JdkPump::end);
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
        awaitUntil(() -> allEnded(exitNanos));
        pumps.forEach(JdkPump::end);
        awaitUntil(() -> pumps.stream().allMatch(JdkPump::isDelivered) || isPatienceOver());
        awaitUntil(() -> !stop.isRunning() || System.nanoTime() - exitNanos > LATE_DELIVERY_NANOS);
    }

    private void completeInTheEnd(int code, long exitNanos) {
        while (!ended.isDone()) {
            try {
                complete(new ExitStatus.Exited(code), exitNanos);
            } catch (OutOfMemoryError e) {
                Threads.pauseIfPossible(NO_MEMORY_PAUSE_NANOS);
            }
        }
    }

    private int awaitExitWithoutMemory() throws InterruptedException {
        while (true) {
            try {
                return awaitExit();
            } catch (OutOfMemoryError e) {
                Threads.pauseIfPossible(NO_MEMORY_PAUSE_NANOS);
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
                stopForGood(Cause.TIMED_OUT);
            }
        }
        return process.waitFor();
    }

    private void complete(ExitStatus status, long exitNanos) {
        pumps.stream().filter(pump -> !pump.isDelivered()).forEach(JdkPump::abandon);
        ended.complete(new Ended(
                status,
                stop.cause(),
                input.failure(),
                captured(stdout),
                captured(stderr),
                Duration.ofNanos(exitNanos - startNanos),
                exitNanos,
                Optional.empty(),
                List.of(),
                stop.report()));
    }

    private boolean allEnded(long exitNanos) {
        if (isPatienceOver()) {
            return true;
        }
        boolean late = System.nanoTime() - exitNanos > LONGEST_GRACE_NANOS;
        return pumps.stream()
                .allMatch(pump -> pump.hasEnded()
                        || !stop.isRunning()
                                && System.nanoTime() - exitNanos >= GRACE_NANOS
                                && (late && pump.isQuietFor(0) || pump.isQuietFor(GRACE_NANOS)));
    }

    private boolean isPatienceOver() {
        return System.nanoTime() - startNanos > patienceNanos;
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

    private static Captured captured(@Nullable JdkPump pump) {
        return pump == null ? Captured.NOTHING : pump.captured();
    }
}
