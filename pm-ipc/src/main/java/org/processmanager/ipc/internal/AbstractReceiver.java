package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.ReceiveResult;
import org.processmanager.sync.internal.region.park.Deadline;

/** The forms of receiving, made of the two that each transport has: take what is there, and wait until something is. */
public abstract class AbstractReceiver implements MessageReceiver {
    /** How many messages {@link #forEach} takes before it looks whether it was interrupted. */
    private static final int ROUND = 1 << 16;

    protected final Endpoint endpoint;
    protected final HandleGuard gate;
    private final Delivery delivery;

    protected AbstractReceiver(Endpoint endpoint, Delivery delivery) {
        this.endpoint = endpoint;
        this.delivery = delivery;
        this.gate = new HandleGuard("receiver of " + endpoint, this::release);
    }

    /** Hands over what is there: how many messages, 0 for none, {@link #CLOSED}. Called inside the gate. */
    protected abstract int take(MessageHandler handler, int limit, Delivery when);

    /**
     * Waits until {@link #take} may have another answer than 0, at most until then; may return earlier. Called inside the gate.
     *
     * @throws IllegalStateException if the gate was closed
     */
    protected abstract void await(Deadline deadline) throws InterruptedException;

    /** Ends the wait of another thread, whose gate is closed. */
    protected abstract void wake();

    /** Gives back what this handle holds. Called once, when it is closed and nobody is inside. */
    protected abstract void release();

    @Override
    public final int poll(MessageHandler handler, int limit) {
        Objects.requireNonNull(handler, "handler");
        if (limit <= 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
        }
        gate.enter();
        try {
            return take(handler, limit, delivery);
        } finally {
            gate.leave();
        }
    }

    @Override
    public final byte @Nullable [] receive() throws InterruptedException {
        Copy copy = new Copy();
        return takeOrWait(copy, 1, Delivery.AT_LEAST_ONCE, Deadline.NEVER) == CLOSED ? null : copy.bytes;
    }

    @Override
    public final ReceiveResult receive(ByteBuffer into, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        if (Objects.requireNonNull(into, "into").isReadOnly()) {
            throw new IllegalArgumentException("into: a read-only buffer (expected: one that can be written)");
        }
        int start = into.position();
        int taken = takeOrWait(
                (buffer, offset, length) -> copy(buffer, offset, length, into),
                1,
                Delivery.AT_LEAST_ONCE,
                Deadline.after(timeout));
        return switch (taken) {
            case CLOSED -> ReceiveResult.CLOSED;
            case 0 -> ReceiveResult.EMPTY;
            default -> ReceiveResult.message(into.position() - start);
        };
    }

    @Override
    public final void forEach(MessageHandler handler) throws InterruptedException {
        Objects.requireNonNull(handler, "handler");
        while (takeOrWait(handler, ROUND, delivery, Deadline.NEVER) != CLOSED) {
            // takeOrWait looks for interrupts
        }
    }

    @Override
    public final void close() {
        gate.close(this::wake);
    }

    private int takeOrWait(MessageHandler handler, int limit, Delivery when, Deadline deadline)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        gate.enter();
        try {
            while (true) {
                int taken = take(handler, limit, when);
                if (taken != 0) {
                    return taken;
                }
                if (deadline.isOver()) {
                    return 0;
                }
                await(deadline);
            }
        } finally {
            gate.leave();
        }
    }

    private static void copy(ByteBuffer buffer, int offset, int length, ByteBuffer into) {
        if (into.remaining() < length) {
            throw new IllegalArgumentException("into: " + into.remaining() + " bytes remain (expected: at least "
                    + length + ", the length of the message)");
        }
        into.put(into.position(), buffer, offset, length);
        into.position(into.position() + length);
    }

    private static final class Copy implements MessageHandler {
        private byte @Nullable [] bytes;

        @Override
        public void onMessage(ByteBuffer buffer, int offset, int length) {
            bytes = BytesCodec.INSTANCE.decode(buffer, offset, length);
        }
    }
}
