package org.processmanager.core.internal.launch.posix;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NotPermittedException;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.posix.WaitStatus;
import org.processmanager.core.internal.tree.ProcStat;

/**
 * The number of a child, which no stranger gets from its birth to its reaping: a pidfd stands for it, and until it is
 * reaped, once and never while somebody {@linkplain #pin pins} it, it stays a zombie at least.
 */
public final class PidHandle {
    /** What reaping came to. */
    enum Reaping {
        /** It is reaped, now or before. */
        DONE,
        /** Somebody relies on the number; who unpins it last tries again. */
        PINNED,
        /** The kernel does not give its status yet. */
        NOT_YET
    }

    private final int pid;
    private final int pidfd;
    /** Asked before it is reaped; false means not yet. */
    private final BooleanSupplier mayReap;

    private final RefCount pins = new RefCount();
    private volatile boolean reaped;
    private @Nullable ExitStatus status;
    private Optional<ResourceUsage> usage = Optional.empty();

    public PidHandle(int pid, int pidfd, BooleanSupplier mayReap) {
        this.mayReap = mayReap;
        this.pid = pid;
        this.pidfd = pidfd;
    }

    int pid() {
        return pid;
    }

    /** Readable from the exit on; open until it is reaped. */
    int pidfd() {
        return pidfd;
    }

    /** Keeps it from being reaped until {@link #unpin}; false if it was. */
    boolean pin() {
        return pins.acquire();
    }

    /** Takes one {@link #pin} back; true if it was the last. */
    boolean unpin() {
        return pins.release();
    }

    /** Whether it was reaped, and its descriptor is closed. */
    boolean isReaped() {
        return reaped;
    }

    boolean isPinned() {
        return pins.any();
    }

    /** Whether a signal halts it. Under a pin. */
    boolean isSuspended() {
        try {
            ProcStat stat = ProcStat.of(pid);
            return stat != null && stat.isSuspended();
        } catch (UncheckedIOException e) {
            return false; // it cannot be looked
        }
    }

    /** Sends a signal to the process itself; false if it has ended. Under a pin. */
    boolean signal(Signal signal) {
        return send(signal, pid, pidfd);
    }

    /**
     * Sends a signal to a process; false if it has ended.
     *
     * @throws NotPermittedException if the kernel does not allow it
     */
    static boolean send(Signal signal, int pid, int pidfd) {
        try {
            return Wait.signalPidfd(pidfd, signal.number());
        } catch (PosixException e) {
            String what = "cannot send " + signal + " to process " + pid + ": " + e.getMessage();
            throw e.is(Errno.EPERM) ? new NotPermittedException(what, e) : new ProcessManagerException(what, e);
        }
    }

    /** As the kernel knows it, which may be before anybody was told; while it is not reaped. */
    boolean hasEnded() {
        try {
            return Wait.hasExited(pid);
        } catch (PosixException e) {
            return true; // reaped by other code
        }
    }

    /**
     * Reaps the child that has ended, unless somebody pins it. Confined to one thread.
     */
    public Reaping reap() {
        if (reaped) {
            return Reaping.DONE;
        }
        if (!pins.seal()) {
            return Reaping.PINNED;
        }
        boolean taken = false;
        try {
            WaitStatus told = mayReap.getAsBoolean() ? Wait.reap(pid) : null;
            if (told != null) {
                taken = true;
                tell(told);
            }
        } catch (PosixException e) {
            taken = true;
            status = new ExitStatus.Unknown("other code of this JVM reaped process " + pid + ": " + e.getMessage());
        } finally {
            if (!taken) {
                pins.unseal();
            }
        }
        if (!taken) {
            return Reaping.NOT_YET;
        }
        Files.close(pidfd);
        reaped = true;
        return Reaping.DONE;
    }

    private void tell(WaitStatus told) {
        usage = Optional.of(new ResourceUsage(
                Duration.ofNanos(told.userMicros() * 1000),
                Duration.ofNanos(told.systemMicros() * 1000),
                told.maxResidentKib() * 1024));
        status = status(told);
    }

    /** How it ended; null before it is reaped. For the thread that reaps. */
    @Nullable
    public ExitStatus status() {
        return status;
    }

    /** What it used; empty before it is reaped. For the thread that reaps. */
    public Optional<ResourceUsage> usage() {
        return usage;
    }

    private static ExitStatus status(WaitStatus taken) {
        return taken.exited()
                ? new ExitStatus.Exited(taken.value())
                : new ExitStatus.Signaled(new Signal(taken.value()), taken.coreDumped());
    }
}
