package org.processmanager.ipc.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.internal.posix.Membarrier;
import org.processmanager.core.internal.util.Threads;

/**
 * The way into a sender or receiver: one thread at a time is inside, and what the handle holds is released exactly once,
 * when it is closed and nobody is inside any more.
 *
 * <p>Entering costs no fence. It is one half of a Dekker protocol (say that I am inside, then look whether it is closed),
 * of which the closer does the other half and pays for both by a barrier on all threads; where the kernel has no such
 * barrier, entering and leaving have a fence of their own. Two threads inside at once are a mistake of the caller's, which
 * is noticed often, not always.
 */
public final class HandleGuard extends GateTail {
    private static final boolean FENCED = !Membarrier.register();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final VarHandle INSIDE;
    private static final VarHandle CLOSED;
    private static final VarHandle RELEASED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INSIDE = lookup.findVarHandle(GateState.class, "inside", long.class);
            CLOSED = lookup.findVarHandle(GateState.class, "closed", boolean.class);
            RELEASED = lookup.findVarHandle(GateState.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object subject;
    private final Runnable release;

    /**
     * A gate that is open.
     *
     * @param subject in messages, as {@code sender of mapped:jobs}
     * @param release gives back what the handle holds; called once
     */
    public HandleGuard(Object subject, Runnable release) {
        this.subject = subject;
        this.release = release;
    }

    /**
     * Goes in.
     *
     * @throws IllegalStateException if the handle is closed, or somebody was seen inside
     */
    public void enter() {
        long other = (long) INSIDE.getOpaque(this);
        if (other != 0) {
            throw new IllegalStateException(subject + " is in use by thread " + other
                    + " (expected: one thread at a time, and no call from a handler)");
        }
        INSIDE.setOpaque(this, Thread.currentThread().getId());
        if (FENCED) {
            VarHandle.fullFence();
        }
        if ((boolean) CLOSED.getOpaque(this)) {
            leave();
            throw closed();
        }
    }

    /** Goes out. */
    public void leave() {
        INSIDE.setRelease(this, 0L);
        if (FENCED) {
            VarHandle.fullFence();
        }
        if ((boolean) CLOSED.getOpaque(this)) {
            releaseOnce();
        }
    }

    /** Whether the handle is closed; for waits, which end then. */
    public boolean isClosed() {
        return (boolean) CLOSED.getVolatile(this);
    }

    /**
     * Ends a wait of a closed handle.
     *
     * @throws IllegalStateException if it is closed
     */
    public void checkOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    /**
     * Closes the handle, and returns when what it held was released; if a handler is still at work after a second, or this
     * is its own call, the release is left to the handler's return.
     *
     * @param wake ends the waits of who is inside
     */
    public void close(Runnable wake) {
        if (!CLOSED.compareAndSet(this, false, true)) {
            return;
        }
        if (!FENCED) {
            Membarrier.globalExpedited();
        }
        if ((long) INSIDE.getVolatile(this) == Thread.currentThread().getId()) {
            return;
        }
        wake.run();
        awaitEmpty();
        releaseOnce();
    }

    private void awaitEmpty() {
        long start = System.nanoTime();
        long pause = 10_000;
        while ((long) INSIDE.getVolatile(this) != 0 && System.nanoTime() - start < PATIENCE_NANOS) {
            Threads.pause(pause);
            pause = Math.min(pause * 2, 1_000_000);
        }
    }

    private void releaseOnce() {
        if ((long) INSIDE.getVolatile(this) == 0 && RELEASED.compareAndSet(this, false, true)) {
            release.run();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException(subject + " is closed");
    }
}

/** Keeps the words of a gate off the lines of other objects, so that the two ends of a channel in one JVM do not disturb. */
@SuppressWarnings("unused")
abstract class GateHead {
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
}

@SuppressWarnings("unused")
abstract class GateState extends GateHead {
    /** Id of the thread inside, 0 for nobody. */
    long inside;

    boolean closed;
    boolean released;
}

@SuppressWarnings("unused")
abstract class GateTail extends GateState {
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;
}
