package org.processmanager.ipc.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.internal.posix.Membarrier;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.core.internal.util.Threads;

/**
 * Guards a sender or receiver: one thread at a time is inside, and its resources are released exactly once, when it is closed
 * and no thread is inside.
 *
 * <p>Entering needs no fence. It is one side of a Dekker protocol (store that a thread is inside, then load whether the handle
 * is closed); {@link #close()} is the other side and pays for both by a barrier on all threads. If the kernel has no such
 * barrier, entering and leaving use a fence of their own. Two threads inside at once are a usage error, which is detected on a
 * best-effort basis.
 */
public final class HandleGuard extends HandleGuardTail {
    /** The handle behind a guard. */
    public interface Handle {
        /** Ends the wait of the thread inside, whose guard is closed. Called by the closing thread. */
        void wake();

        /** Releases the resources. Called once, when the guard is closed and no thread is inside. */
        void release();
    }

    private static final boolean FENCED = !Membarrier.register();
    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final VarHandle INSIDE;
    private static final VarHandle CLOSED;
    private static final VarHandle RELEASED;
    private static final VarHandle GONE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INSIDE = lookup.findVarHandle(HandleGuardState.class, "inside", long.class);
            CLOSED = lookup.findVarHandle(HandleGuardState.class, "closed", boolean.class);
            RELEASED = lookup.findVarHandle(HandleGuardState.class, "released", boolean.class);
            GONE = lookup.findVarHandle(HandleGuardState.class, "gone", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String subject;
    private final Handle handle;

    /**
     * Creates an open guard.
     *
     * @param subject for messages, as {@code sender of mapped:jobs}
     * @param handle what it guards
     */
    public HandleGuard(String subject, Handle handle) {
        this.subject = subject;
        this.handle = handle;
        if (JfrState.isStarted()) {
            ChannelEvents.opened(subject);
        }
    }

    /**
     * Enters.
     *
     * @throws IllegalStateException if the handle is closed, or another thread is inside
     */
    public void enter() {
        long other = inside;
        if (other != 0) {
            throw inUse(other);
        }
        inside = Thread.currentThread().getId();
        fence();
        if (closed) {
            leave();
            throw closed();
        }
    }

    /** Leaves. */
    public void leave() {
        VarHandle.releaseFence();
        inside = 0;
        fence();
        if (closed) {
            releaseOnce();
        }
    }

    /**
     * Keeps the compiler from moving a later load before an earlier store. The light fence is no instruction on x86; the
     * processor's part is that of the barrier in {@link #close()}.
     */
    private static void fence() {
        if (FENCED) {
            VarHandle.fullFence();
        } else {
            VarHandle.acquireFence();
        }
    }

    /** Returns whether the handle is closed, which ends every wait. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Rejects a closed handle.
     *
     * @throws IllegalStateException if it is closed
     */
    public void checkOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    /**
     * Closes the handle and releases it, or waits until the thread that was inside has released it. If a thread is still inside
     * after a second, or is the caller, that thread releases it when it leaves.
     */
    public void close() {
        if (!CLOSED.compareAndSet(this, false, true)) {
            return;
        }
        if (!FENCED) {
            Membarrier.globalExpedited();
        }
        if ((long) INSIDE.getVolatile(this) == Thread.currentThread().getId()) {
            return;
        }
        handle.wake();
        long start = System.nanoTime();
        long pause = 10_000;
        releaseOnce();
        while (!(boolean) GONE.getVolatile(this) && System.nanoTime() - start < CLOSE_TIMEOUT_NANOS) {
            Threads.pause(pause);
            pause = Math.min(pause * 2, 1_000_000);
            releaseOnce();
        }
    }

    private void releaseOnce() {
        if ((long) INSIDE.getVolatile(this) == 0 && RELEASED.compareAndSet(this, false, true)) {
            try {
                handle.release();
            } finally {
                GONE.setVolatile(this, true);
                if (JfrState.isStarted()) {
                    ChannelEvents.closed(subject);
                }
            }
        }
    }

    private IllegalStateException inUse(long other) {
        return new IllegalStateException(subject + " is in use by thread " + other
                + " (expected: one thread at a time, and no call from a handler)");
    }

    private IllegalStateException closed() {
        return new IllegalStateException(subject + " is closed");
    }
}

/** Keeps the words of a guard on cache lines of their own, so that the two ends of a channel in one JVM do not interfere. */
@SuppressWarnings("unused")
abstract class HandleGuardHead {
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
}

@SuppressWarnings("unused")
abstract class HandleGuardState extends HandleGuardHead {
    /** Id of the thread inside, or 0. */
    long inside;

    volatile boolean closed;

    /** A thread has begun to release the handle. */
    boolean released;

    /** The handle is released. */
    boolean gone;
}

@SuppressWarnings("unused")
abstract class HandleGuardTail extends HandleGuardState {
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;
}
