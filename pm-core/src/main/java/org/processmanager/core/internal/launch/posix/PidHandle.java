package org.processmanager.core.internal.launch.posix;

import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NotPermittedException;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.tree.ProcStat;

/**
 * A pid with the pidfd that stands for it, and a count of its users. While it is {@linkplain #retain retained}, the pidfd is
 * open, and a child is not reaped: it stays at least a zombie, whose pid and session no other process gets.
 */
public final class PidHandle {
    /** The result of {@link #reap}. */
    enum Reaping {
        /** The child is reaped, by this call or before. */
        DONE,
        /** The handle is retained; the last user tries again. */
        RETAINED,
        /** The kernel does not report its status yet. */
        NOT_YET
    }

    private static final int CLOSED = Integer.MIN_VALUE;

    private final int pid;
    private final int pidfd;
    /** Called before the child is reaped; returns false to defer that. May be null. */
    private final @Nullable BooleanSupplier beforeReaping;

    private final AtomicInteger users = new AtomicInteger();
    private volatile boolean closed;
    private Wait.@Nullable Status status;
    private @Nullable ExitStatus exitStatus;

    public PidHandle(int pid, int pidfd, @Nullable BooleanSupplier beforeReaping) {
        this.pid = pid;
        this.pidfd = pidfd;
        this.beforeReaping = beforeReaping;
    }

    int pid() {
        return pid;
    }

    /** Returns the pidfd, readable from the exit on; open while this handle is retained. */
    int pidfd() {
        return pidfd;
    }

    /** Keeps it open until {@link #release}; returns false if it was closed or reaped before. */
    boolean retain() {
        int now;
        do {
            now = users.get();
            if (now < 0) {
                return false;
            }
        } while (!users.compareAndSet(now, now + 1));
        return true;
    }

    /** Undoes one {@link #retain}; returns whether that was the last. */
    boolean release() {
        return users.decrementAndGet() == 0;
    }

    boolean isRetained() {
        return users.get() > 0;
    }

    /** Returns whether the pidfd is closed, and a child reaped. */
    boolean isClosed() {
        return closed;
    }

    /** Closes the pidfd of a process that is not a child, unless it is retained or was closed before. */
    void closeIfUnused() {
        if (users.compareAndSet(0, CLOSED)) {
            Files.close(pidfd);
            closed = true;
        }
    }

    /** Returns whether the process is suspended by a signal. Requires that the handle is retained. */
    boolean isSuspended() {
        try {
            ProcStat stat = ProcStat.of(pid);
            return stat != null && stat.isSuspended();
        } catch (UncheckedIOException e) {
            return false; // unknown
        }
    }

    /**
     * Sends a signal to the process itself; returns false if it has exited. Requires that the handle is retained.
     *
     * @throws NotPermittedException if the kernel does not allow it
     */
    boolean signal(Signal signal) {
        try {
            return Wait.signalPidfd(pidfd, pid, signal.number());
        } catch (PosixException e) {
            String what = "cannot send " + signal + " to process " + pid + ": " + e.getMessage();
            throw e.is(Errno.EPERM) ? new NotPermittedException(what, e) : new ProcessManagerException(what, e);
        }
    }

    /** Returns whether the kernel reports the exit, of a child or not. Requires that the handle is retained. */
    boolean hasEnded() {
        return Poll.awaitOne(pidfd, Poll.IN, 0) != 0;
    }

    /** Reaps the exited child, unless the handle is retained. Confined to one thread. */
    Reaping reap() {
        if (closed) {
            return Reaping.DONE;
        }
        if (!users.compareAndSet(0, CLOSED)) {
            return Reaping.RETAINED;
        }
        boolean reaped = false;
        try {
            if (beforeReaping == null || beforeReaping.getAsBoolean()) {
                status = Wait.reap(pid);
                reaped = status != null;
            }
        } catch (PosixException e) {
            exitStatus = new ExitStatus.Unknown((Spawn.restoreSigchld()
                            ? "the kernel reaped process " + pid + ", as this JVM ignored SIGCHLD (which was reset)"
                            : "other code of this JVM reaped process " + pid + ", or ignored SIGCHLD meanwhile")
                    + ": " + e.getMessage());
            reaped = true;
        } finally {
            if (!reaped) {
                users.set(0);
            }
        }
        if (!reaped) {
            return Reaping.NOT_YET;
        }
        Files.close(pidfd);
        closed = true;
        return Reaping.DONE;
    }

    /** Returns the status of the reaped child. On the thread that reaps. */
    ExitStatus exitStatus() {
        if (exitStatus != null) {
            return exitStatus;
        }
        Wait.Status known = status;
        if (known == null) {
            throw new IllegalStateException("process " + pid + " is not reaped");
        }
        return known.exited()
                ? new ExitStatus.Exited(known.value())
                : new ExitStatus.Signaled(new Signal(known.value()), known.coreDumped());
    }

    /** Returns the result of wait4 for the child; null if other code reaped it. On the thread that reaps. */
    Wait.@Nullable Status reaped() {
        return status;
    }
}
