package org.processmanager.core.internal.launch.posix;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NotPermittedException;
import org.processmanager.core.OsProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.WatchedProcess;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.PosixTree;
import org.processmanager.core.internal.tree.ProcUsage;
import org.processmanager.core.internal.tree.StopSteps;

/**
 * A process that is not a child of this JVM, held by a pidfd: an answer about its pid is about this process as long as the
 * pidfd reports that it is alive. The pidfd is closed when the process has ended or is released, and no thread uses it.
 */
final class PosixWatchedProcess implements WatchedProcess {
    private final ProcessIdentity identity;
    private final int pid;
    private final PidHandle handle;
    private final EventLoop loop = EventLoops.shared();
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private volatile boolean finished;
    private volatile boolean released;

    /** Confined to the loop's thread. */
    private EventLoop.@Nullable Watch watch;

    private PosixWatchedProcess(ProcessIdentity identity, int pidfd) {
        this.identity = identity;
        this.pid = Math.toIntExact(identity.pid());
        handle = new PidHandle(pid, pidfd, null);
    }

    static WatchedProcess open(long number, Optional<ProcessIdentity> wanted) {
        int pid = Math.toIntExact(number);
        int pidfd = openPidfd(pid);
        try {
            Optional<ProcessIdentity> found = Identities.of(pid);
            if (hasEnded(pidfd)) {
                throw WatchedProcess.missing(pid); // it may have been reaped, and its pid reused
            }
            if (found.isEmpty()) {
                throw WatchedProcess.hidden(pid);
            }
            ProcessIdentity identity = WatchedProcess.check(pid, found, wanted);
            PosixWatchedProcess adopted = new PosixWatchedProcess(identity, pidfd);
            adopted.loop.addLoad(1);
            adopted.loop.execute(adopted::start);
            return adopted;
        } catch (PosixException e) {
            Files.close(pidfd);
            throw failure(pid, e);
        } catch (RuntimeException | Error e) {
            Files.close(pidfd);
            throw e;
        }
    }

    private static int openPidfd(int pid) {
        try {
            return Wait.openPidfd(pid);
        } catch (PosixException e) {
            // EINVAL and ENOENT: the number is the id of a thread, not of a process.
            if (e.is(Errno.ESRCH) || e.is(Errno.EINVAL) || e.is(Errno.ENOENT)) {
                throw WatchedProcess.missing(pid);
            }
            throw failure(pid, e);
        }
    }

    private static ProcessManagerException failure(int pid, PosixException e) {
        String what = "cannot adopt process " + pid + ": " + e.getMessage();
        if (e.isPassing()) {
            return new ResourcesExhaustedException(what, e);
        }
        return e.is(Errno.EPERM) ? new NotPermittedException(what, e) : new ProcessManagerException(what, e);
    }

    @Override
    public ProcessIdentity identity() {
        return identity;
    }

    @Override
    public CompletableFuture<ExitStatus> ended() {
        return ended;
    }

    @Override
    public boolean isAlive() {
        return whileItLives(false, () -> true);
    }

    @Override
    public boolean isSuspended() {
        return whileItLives(false, handle::isSuspended);
    }

    @Override
    public boolean signal(Signal signal) {
        return whileItLives(false, () -> handle.signal(signal));
    }

    @Override
    public StopReport stop(StopPolicy policy, OsProcess process) {
        return whileItLives(
                StopSteps.NOTHING_TO_DO, () -> new StopSteps(tree(), () -> false, () -> process).run(policy));
    }

    @Override
    public List<ProcessIdentity> descendants() {
        return whileItLives(List.of(), () -> tree().descendants());
    }

    @Override
    public Optional<ResourceUsage> usage() {
        Optional<ResourceUsage> usage = whileItLives(Optional.empty(), () -> ProcUsage.of(pid));
        return whileItLives(Optional.empty(), () -> usage);
    }

    @Override
    public boolean isReleased() {
        return released && (!ended.isDone() || ended.isCancelled());
    }

    @Override
    public void release() {
        released = true;
        loop.execute(() -> finish(() -> ended.cancel(false)));
    }

    private PosixTree tree() {
        return PosixTree.ofAdopted(pid, identity.startTicks(), handle.pidfd());
    }

    /** Calls a function while the pidfd is open; returns the default at once if the process has exited. */
    private <T> T whileItLives(T otherwise, Supplier<T> action) {
        checkWatched();
        if (!handle.retain()) {
            checkWatched();
            return otherwise;
        }
        try {
            return handle.hasEnded() ? otherwise : action.get();
        } catch (UncheckedIOException e) {
            return otherwise; // unknown
        } finally {
            if (handle.release() && finished) {
                handle.closeIfUnused();
            }
        }
    }

    private static boolean hasEnded(int pidfd) {
        return Poll.awaitOne(pidfd, Poll.IN, 0) != 0;
    }

    // ---- on the loop's thread

    private void start() {
        if (finished) {
            return;
        }
        try {
            watch = loop.watch(
                    handle.pidfd(),
                    Poll.IN | Poll.ONE_SHOT,
                    events -> finish(() -> ended.complete(WatchedProcess.unknown(pid))));
        } catch (PosixException e) {
            finish(() -> ended.completeExceptionally(failure(pid, e)));
        }
    }

    private void finish(Runnable tell) {
        if (finished) {
            return;
        }
        if (watch != null) {
            watch.cancel();
        }
        finished = true;
        handle.closeIfUnused();
        loop.addLoad(-1);
        tell.run();
    }
}
