package org.processmanager.core.internal.launch;

import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Cause;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.Usage;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.posix.WaitStatus;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.reactor.Interruption;
import org.processmanager.core.internal.reactor.Threads;
import org.processmanager.core.internal.stream.Captured;
import org.processmanager.core.internal.stream.LineSink;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.stream.Sink;
import org.processmanager.core.internal.tree.PipeHolders;
import org.processmanager.core.internal.tree.PosixTree;
import org.processmanager.core.internal.tree.ProcStat;
import org.processmanager.core.internal.tree.StopLadder;
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
 * somebody who inherited it. What lies in the pipes at the exit is always read. If a pipe is still open then, it has
 * {@value #GRACE_MILLIS} ms to end, again and again while data comes; then it is given up and its holders are named.
 *
 * <p>Between exit and reaping the child is a zombie, which keeps its number and the number of its session from being
 * given to a stranger. {@link #pins} counts the threads that rely on that; once it is {@link #REAPED} nobody may pin.
 */
final class PosixChild implements Child {
    private static final Logger LOG = LoggerFactory.getLogger(PosixChild.class);
    private static final int GRACE_MILLIS = 250;
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
    private static final long LONGEST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** What a consumer gets to finish once the time of the whole call is over anyway. */
    private static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final StopPolicy KILL = StopPolicy.of(StopPolicy.Rung.signal(Signal.KILL, Duration.ofSeconds(1)));
    private static final int REAPED = Integer.MIN_VALUE;

    private final LaunchSpec spec;
    private final int pid;
    private final int pidfd;
    private final long startNanos;
    private final EventLoop loop;
    /** The thread that launched it drives the loop until the end. */
    private final boolean driven;

    private final SerialTasks deliveries = new SerialTasks(Threads.WORKERS);
    private final List<OutputPump> pumps = new ArrayList<>(2);
    private final @Nullable OutputPump stdout;
    private final @Nullable OutputPump stderr;
    private final @Nullable InputPipe pipe;
    private final @Nullable InputFeed feed;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private final AtomicReference<Cause> cause = new AtomicReference<>(Cause.OWN_EXIT);
    private final AtomicInteger pins = new AtomicInteger();
    private volatile boolean exited;

    // Of the loop's thread alone:
    private EventLoop.@Nullable Watch pidWatch;
    private EventLoop.@Nullable Timer timeout;
    private EventLoop.@Nullable Timer grace;
    private EventLoop.@Nullable Timer lateDelivery;
    private long exitNanos;
    private long lastDataNanos;
    private int undelivered;
    private boolean findingHolders;
    private List<Long> holders = List.of();
    private @Nullable ExitStatus status;
    private Optional<Usage> usage = Optional.empty();

    PosixChild(
            LaunchSpec spec,
            int pid,
            int pidfd,
            Descriptors descriptors,
            EventLoop loop,
            boolean driven,
            long startNanos) {
        this.spec = spec;
        this.pid = pid;
        this.pidfd = pidfd;
        this.loop = loop;
        this.driven = driven;
        this.startNanos = startNanos;
        stdout = pump(descriptors.ours(1), spec.stdout());
        stderr = pump(descriptors.ours(2), spec.stderr());
        int input = descriptors.ours(0);
        pipe = spec.stdin() instanceof InputSpec.Pipe ? new InputPipe(spec.name(), loop, input) : null;
        feed = spec.stdin() instanceof InputSpec.Bytes bytes ? new InputFeed(loop, input, bytes.content()) : null;
        loop.addLoad(1);
    }

    private @Nullable OutputPump pump(int fd, OutputSpec output) {
        if (fd < 0) {
            return null;
        }
        Sink sink = output.sink(spec, deliveries, () -> loop.execute(this::resumePumps));
        OutputPump pump = new OutputPump(loop, fd, sink, this::dataCame, () -> sink.end(this::delivered));
        pumps.add(pump);
        undelivered++;
        return pump;
    }

    /** Starts to watch, on the loop's thread. If that fails the child is killed: nobody would ever see its end. */
    void begin() {
        try {
            pidWatch = loop.watch(pidfd, Poll.IN, events -> exit());
            if (feed != null) {
                feed.begin();
            }
            for (OutputPump pump : pumps) {
                pump.begin();
            }
            if (spec.timeout() != null) {
                long left = spec.timeout().toNanos() - (System.nanoTime() - startNanos);
                timeout = loop.schedule(Math.max(0, left), this::timeOver);
            }
        } catch (RuntimeException e) {
            LOG.error("process {} ({}) cannot be watched and is killed", pid, spec.name(), e);
            Wait.kill(pid, Signal.KILL.number());
            if (pidWatch == null) {
                loop.schedule(GRACE_NANOS, this::exit);
            }
        }
    }

    @Override
    public long pid() {
        return pid;
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
    public boolean isHalted() {
        if (!pin()) {
            return false;
        }
        try {
            ProcStat stat = ProcStat.of(pid);
            return stat != null && stat.isHalted();
        } finally {
            unpin();
        }
    }

    @Override
    public OutputStream stdin() {
        if (pipe == null) {
            throw new IllegalStateException(
                    "the standard input of " + spec.name() + " is no pipe of ours: start it with stdin(Stdin.pipe())");
        }
        return pipe;
    }

    @Override
    public boolean isConsumerThread() {
        return deliveries.isCurrentThread();
    }

    @Override
    public boolean signal(Signal signal) {
        if (!pin()) {
            return false;
        }
        try {
            return !exited && Wait.signalPidfd(pidfd, signal.number());
        } finally {
            unpin();
        }
    }

    @Override
    public StopReport stop(StopPolicy policy, Cause why) {
        StopReport report = climb(policy, why);
        if (report.survivors().isEmpty() && !isConsumerThread()) {
            awaitEndBriefly();
        }
        return report;
    }

    @Override
    public void kill() {
        climb(KILL, Cause.STOPPED);
    }

    @Override
    public Ended awaitOrStop() throws InterruptedException {
        return driven
                ? drive()
                : Waiting.joinOrStop(ended, spec.name(), () -> loop.execute(() -> stopForGood(Cause.INTERRUPTED)));
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

    // ---- pins: any thread

    /** Keeps the process from being reaped until {@link #unpin}; false if it was. */
    private boolean pin() {
        int now;
        do {
            now = pins.get();
            if (now < 0) {
                return false;
            }
        } while (!pins.compareAndSet(now, now + 1));
        return true;
    }

    private void unpin() {
        if (pins.decrementAndGet() == 0 && exited) {
            loop.execute(this::settle);
        }
    }

    // ---- stopping: a thread that may block

    private StopReport climb(StopPolicy policy, Cause why) {
        if (!pin()) {
            return new StopReport(Optional.empty(), List.of(), List.of(), Duration.ZERO);
        }
        try {
            if (!exited) {
                cause.compareAndSet(Cause.OWN_EXIT, why);
            }
            return new StopLadder(new PosixTree(pid, !spec.inheritsStream()), this::closeStdin).climb(policy);
        } finally {
            unpin();
        }
    }

    private boolean closeStdin() {
        if (pipe != null) {
            return pipe.close("the process is being stopped");
        }
        if (feed != null && !exited) {
            loop.execute(feed::close);
            return true;
        }
        return false;
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
        cause.compareAndSet(Cause.OWN_EXIT, why);
        Threads.WORKERS.execute(() -> {
            StopReport report = climb(spec.stopPolicy(), why);
            loop.execute(() -> stoppedForGood(report));
        });
    }

    private void stoppedForGood(StopReport report) {
        boolean survived = report.survivors().stream().anyMatch(survivor -> survivor.pid() == pid);
        if (survived && !exited) {
            LOG.warn("process {} ({}) survived: {}", pid, spec.name(), report);
            status = new ExitStatus.Unknown("it survived " + spec.stopPolicy());
            exitNanos = System.nanoTime();
            abandonDeliveries();
            closeStreams();
            complete(status);
        } else if (!ended.isDone()) {
            lateDelivery = loop.schedule(LATE_DELIVERY_NANOS, this::giveUpStreams);
        }
    }

    private void timeOver() {
        timeout = null;
        stopForGood(Cause.TIMED_OUT);
    }

    private void exit() {
        if (exited) {
            return;
        }
        exited = true;
        exitNanos = System.nanoTime();
        lastDataNanos = exitNanos;
        if (pidWatch != null) {
            pidWatch.cancel();
        }
        if (feed != null) {
            feed.close();
        }
        if (pipe != null) {
            pipe.close("the process has ended");
        }
        for (OutputPump pump : pumps) {
            pump.drain();
        }
        settle();
    }

    private void dataCame() {
        if (exited) {
            lastDataNanos = System.nanoTime();
        }
    }

    private void resumePumps() {
        pumps.forEach(OutputPump::resume);
    }

    private void delivered() {
        loop.execute(() -> {
            undelivered--;
            settle();
        });
    }

    /** Goes as far towards the end as can be gone now. */
    private void settle() {
        if (!exited) {
            return;
        }
        if (pumps.stream().anyMatch(OutputPump::isOpen)) {
            if (grace == null && !findingHolders) {
                grace = loop.schedule(GRACE_NANOS, this::graceOver);
            }
            return;
        }
        if (findingHolders || !reaped()) {
            return;
        }
        if (undelivered <= 0) {
            complete(java.util.Objects.requireNonNull(status));
        }
    }

    private void graceOver() {
        grace = null;
        long now = System.nanoTime();
        boolean flowing = now - lastDataNanos < GRACE_NANOS && now - exitNanos < LONGEST_GRACE_NANOS;
        // While a stop runs, whoever holds a pipe is about to end.
        if (flowing || pins.get() > 0) {
            settle();
        } else {
            detach();
        }
    }

    /** Gives up the open pipes; closes them only after the look at who holds them, since that could end the holders. */
    private void detach() {
        if (findingHolders) {
            return;
        }
        List<Long> inodes = new ArrayList<>();
        for (OutputPump pump : pumps) {
            if (pump.isOpen()) {
                inodes.add(pump.inode());
            }
        }
        if (inodes.isEmpty()) {
            return;
        }
        findingHolders = true;
        Threads.WORKERS.execute(() -> {
            List<Long> found = PipeHolders.find(inodes);
            loop.execute(() -> {
                findingHolders = false;
                holders = found;
                closeStreams();
                settle();
            });
        });
    }

    private void closeStreams() {
        for (OutputPump pump : pumps) {
            pump.drain();
            pump.close();
        }
    }

    private void giveUpStreams() {
        if (!ended.isDone()) {
            abandonDeliveries();
            detach();
            settle();
        }
    }

    private void abandonDeliveries() {
        for (OutputPump pump : pumps) {
            if (pump.sink() instanceof LineSink lines) {
                lines.abandon();
                undelivered--;
            }
        }
    }

    /** Reaps the child, once, unless somebody pins it. */
    private boolean reaped() {
        if (pins.get() < 0) {
            return true;
        }
        if (!pins.compareAndSet(0, REAPED)) {
            return false;
        }
        try {
            WaitStatus taken = Wait.reap(pid);
            if (taken == null) {
                pins.set(0);
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(1), this::settle);
                return false;
            }
            status = status(taken);
            usage = Optional.of(new Usage(
                    Duration.ofNanos(taken.userMicros() * 1000),
                    Duration.ofNanos(taken.systemMicros() * 1000),
                    taken.maxResidentKib() * 1024));
        } catch (PosixException e) {
            status = new ExitStatus.Unknown("other code of this JVM reaped process " + pid + ": " + e.getMessage());
        }
        Files.close(pidfd);
        return true;
    }

    private static ExitStatus status(WaitStatus taken) {
        return taken.exited()
                ? new ExitStatus.Exited(taken.value())
                : new ExitStatus.Signaled(new Signal(taken.value()), taken.coreDumped());
    }

    private void complete(ExitStatus how) {
        cancel(timeout);
        cancel(grace);
        cancel(lateDelivery);
        Ended end = new Ended(
                how,
                cause.get(),
                captured(stdout),
                captured(stderr),
                Duration.ofNanos(exitNanos - startNanos),
                usage,
                holders);
        if (ended.complete(end)) {
            loop.addLoad(-1);
        }
    }

    private static void cancel(EventLoop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private static Captured captured(@Nullable OutputPump pump) {
        return pump == null ? Captured.NOTHING : pump.sink().captured();
    }
}
