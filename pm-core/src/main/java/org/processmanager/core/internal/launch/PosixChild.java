package org.processmanager.core.internal.launch;

import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
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
import org.processmanager.core.internal.reactor.Complaints;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.reactor.Interruption;
import org.processmanager.core.internal.reactor.Nanos;
import org.processmanager.core.internal.reactor.Threads;
import org.processmanager.core.internal.stream.SerialTasks;
import org.processmanager.core.internal.tree.PosixTree;
import org.processmanager.core.internal.tree.ProcStat;
import org.processmanager.core.internal.tree.ProcessTree;
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
 * somebody who inherited it; what becomes of the pipes is {@link ChildStreams}. Between exit and reaping the child is a
 * zombie, on which {@link Pins} rely.
 */
final class PosixChild implements Child {
    private static final Logger LOG = LoggerFactory.getLogger(PosixChild.class);
    /** What a consumer gets to finish once the time of the whole call is over anyway. */
    private static final long LATE_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final StopPolicy KILL = StopPolicy.of(StopPolicy.Rung.signal(Signal.KILL, Duration.ofSeconds(1)));
    private static final long NOT_YET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LaunchSpec spec;
    private final int pid;
    private final int pidfd;
    private final long startNanos;
    private final EventLoop loop;
    /** The thread that launched it drives the loop until the end. */
    private final boolean driven;
    /** Asked before it is reaped; false means not yet. */
    private final BooleanSupplier mayReap;

    private final SerialTasks deliveries = new SerialTasks(this::handOff);
    private final ChildStreams streams;
    private final @Nullable InputPipe pipe;
    private final @Nullable InputFeed feed;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private final AtomicReference<Cause> cause = new AtomicReference<>(Cause.OWN_EXIT);
    private final Pins pins = new Pins();
    private volatile boolean exited;

    // Of the loop's thread alone:
    private EventLoop.@Nullable Watch pidWatch;
    private EventLoop.@Nullable Timer timeout;
    private EventLoop.@Nullable Timer lateDelivery;
    private long exitNanos;
    private @Nullable ExitStatus status;
    private Optional<Usage> usage = Optional.empty();

    PosixChild(
            LaunchSpec spec,
            int pid,
            int pidfd,
            Descriptors descriptors,
            EventLoop loop,
            boolean driven,
            BooleanSupplier mayReap,
            long startNanos) {
        this.spec = spec;
        this.pid = pid;
        this.pidfd = pidfd;
        this.loop = loop;
        this.driven = driven;
        this.mayReap = mayReap;
        this.startNanos = startNanos;
        streams = new ChildStreams(spec, descriptors, loop, deliveries, pins::any, this::settle);
        int input = descriptors.ours(0);
        pipe = spec.stdin() instanceof InputSpec.Pipe ? new InputPipe(spec.name(), loop, input) : null;
        feed = spec.stdin() instanceof InputSpec.Bytes bytes ? new InputFeed(loop, input, bytes.content()) : null;
        loop.addLoad(1);
    }

    /** Starts to watch, on the loop's thread. If that fails the child is killed: nobody would ever see its end. */
    void begin() {
        try {
            pidWatch = loop.watch(pidfd, Poll.IN, events -> exit());
            if (feed != null) {
                feed.begin();
            }
            streams.begin();
            if (spec.timeout() != null) {
                long left = Nanos.of(spec.timeout()) - (System.nanoTime() - startNanos);
                timeout = loop.schedule(Math.max(0, left), this::timeOver);
            }
        } catch (Throwable e) {
            Complaints.log(LOG, "process " + pid + " (" + spec.name() + ") cannot be watched and is killed", e);
            killNow(Cause.STOPPED);
            if (pidWatch == null) {
                loop.schedule(NOT_YET_NANOS, this::exit);
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
        if (!pins.acquire()) {
            return false;
        }
        try {
            ProcStat stat = ProcStat.of(pid);
            return stat != null && stat.isHalted();
        } catch (UncheckedIOException e) {
            return false; // it cannot be looked
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
        if (!pins.acquire()) {
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

    private void unpin() {
        if (pins.release() && exited) {
            loop.execute(this::settle);
        }
    }

    // ---- stopping: a thread that may block

    private StopReport climb(StopPolicy policy, Cause why) {
        if (!pins.acquire()) {
            return new StopReport(Optional.empty(), List.of(), List.of(), Duration.ZERO);
        }
        try {
            return new StopLadder(tree(why), () -> closeStdin(why)).climb(policy);
        } finally {
            unpin();
        }
    }

    /** The cause becomes theirs who reached the process while it ran: one that had ended by itself stays so. */
    private PosixTree tree(Cause why) {
        return new PosixTree(pid, pidfd, spec.leadsSession(), () -> cause.compareAndSet(Cause.OWN_EXIT, why));
    }

    private boolean closeStdin(Cause why) {
        boolean before = hasEnded();
        boolean closed = false;
        if (pipe != null) {
            closed = pipe.close("the process is being stopped");
        } else if (feed != null && feed.isOpen()) {
            loop.execute(feed::close);
            closed = true;
        }
        if (closed && !before) {
            cause.compareAndSet(Cause.OWN_EXIT, why);
        }
        return closed;
    }

    /** As the kernel knows it, which is before {@link #exited}; while it is not reaped. */
    private boolean hasEnded() {
        try {
            return Wait.hasEnded(pid);
        } catch (PosixException e) {
            return true; // reaped by other code
        }
    }

    private void handOff(Runnable task) {
        loop.handOff(task);
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
                    climb(spec.stopPolicy(), why);
                    climbed = true;
                } finally {
                    Runnable next = climbed ? () -> stoppedForGood(why) : () -> killForGood(why);
                    loop.execute(next);
                }
            });
        } catch (Throwable e) {
            Complaints.log(LOG, "no thread to stop process " + pid + " (" + spec.name() + "): it is killed", e);
            killForGood(why);
        }
    }

    /** For when there is no climbing the ladder: what needs neither a thread nor memory nor a descriptor. */
    private void killForGood(Cause why) {
        if (!exited) {
            killNow(why);
        }
        loop.schedule(LATE_DELIVERY_NANOS, () -> stoppedForGood(why));
    }

    /** KILL to the process and the group that it leads. */
    private void killNow(Cause why) {
        PosixTree tree = tree(why);
        tree.sendTogether(Signal.KILL);
        tree.send(new ProcessTree.Member(pid, 0, false), Signal.KILL);
    }

    private void stoppedForGood(Cause why) {
        if (ended.isDone()) {
            return;
        }
        if (exited || hasEnded()) {
            lateDelivery = loop.schedule(LATE_DELIVERY_NANOS, this::giveUpStreams);
            return;
        }
        LOG.warn("process {} ({}) survived {}", pid, spec.name(), spec.stopPolicy());
        cause.compareAndSet(Cause.OWN_EXIT, why);
        status = new ExitStatus.Unknown("it survived " + spec.stopPolicy());
        exitNanos = System.nanoTime();
        streams.close();
        complete(status);
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
        if (pidWatch != null) {
            pidWatch.cancel();
        }
        if (feed != null) {
            feed.close();
        }
        if (pipe != null) {
            pipe.close("the process has ended");
        }
        streams.exited();
        settle();
    }

    /** Goes as far towards the end as can be gone now. */
    private void settle() {
        if (exited && streams.areSettled() && reaped() && streams.areDelivered()) {
            complete(Objects.requireNonNull(status));
        }
    }

    private void giveUpStreams() {
        if (!ended.isDone()) {
            streams.giveUp();
            settle();
        }
    }

    /** Reaps the child, once, unless somebody pins it. */
    private boolean reaped() {
        if (pins.isSealed()) {
            return true;
        }
        if (!pins.seal()) {
            return false;
        }
        try {
            WaitStatus taken = mayReap.getAsBoolean() ? Wait.reap(pid) : null;
            if (taken == null) {
                pins.unseal();
                loop.schedule(NOT_YET_NANOS, this::settle);
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
        cancel(lateDelivery);
        streams.stopTimer();
        if (ended.complete(end(how))) {
            loop.addLoad(-1);
        }
    }

    private Ended end(ExitStatus how) {
        return new Ended(
                how,
                Objects.requireNonNull(cause.get()),
                streams.stdout(),
                streams.stderr(),
                Duration.ofNanos(exitNanos - startNanos),
                usage,
                streams.holders());
    }

    private static void cancel(EventLoop.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
