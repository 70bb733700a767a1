package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.ReceiveResult;
import org.processmanager.sync.internal.region.park.Deadline;

/** All forms of receiving, made of the two that a transport implements: take what is available, and wait for it. */
public abstract class AbstractReceiver implements MessageReceiver, HandleGuard.Handle {
    /** Messages that {@link #forEach} takes between two checks for an interrupt. */
    private static final int MESSAGES_PER_INTERRUPT_CHECK = 1 << 16;

    protected final Endpoint endpoint;
    protected final HandleGuard guard;

    /** Whether the channel stays open for this receiver when all senders are gone. */
    protected final boolean waitsForSenders;

    private final Delivery delivery;
    private final CopyInto copying = new CopyInto();
    private boolean channelClosed;

    protected AbstractReceiver(Endpoint endpoint, Delivery delivery) {
        this.endpoint = endpoint;
        this.delivery = delivery;
        this.waitsForSenders = EndOption.waitsForSenders(endpoint);
        this.guard = new HandleGuard("receiver of " + endpoint, this);
    }

    /** Passes on what is available: returns the number of messages or {@link #CLOSED}. Called inside the guard. */
    protected abstract int take(MessageHandler handler, int limit, Delivery when);

    /** Waits a moment without sleeping; returns whether {@link #take} may have a result now. Called inside the guard. */
    protected boolean spin() {
        return false;
    }

    /**
     * Blocks until {@link #take} may return something other than 0, at most until the deadline; may return earlier. Called
     * inside the guard.
     *
     * @throws IllegalStateException if the guard was closed
     */
    protected abstract void await(Deadline deadline) throws InterruptedException;

    @Override
    public final int poll(MessageHandler handler, int limit) {
        Objects.requireNonNull(handler, "handler");
        if (limit <= 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
        }
        guard.enter();
        try {
            return takeNow(handler, limit, delivery);
        } catch (PosixException e) {
            throw cannotReceive(e);
        } finally {
            guard.leave();
        }
    }

    @Override
    public final byte @Nullable [] receive() throws InterruptedException {
        return receive(BytesCodec.INSTANCE, Delivery.AT_LEAST_ONCE, null);
    }

    @Override
    public final byte @Nullable [] receive(Duration timeout) throws InterruptedException {
        return receive(BytesCodec.INSTANCE, Delivery.AT_LEAST_ONCE, Objects.requireNonNull(timeout, "timeout"));
    }

    @Override
    public final <T> @Nullable T receive(Codec<T> codec) throws InterruptedException {
        return receive(Objects.requireNonNull(codec, "codec"), delivery, null);
    }

    @Override
    public final <T> @Nullable T receive(Codec<T> codec, Duration timeout) throws InterruptedException {
        return receive(Objects.requireNonNull(codec, "codec"), delivery, Objects.requireNonNull(timeout, "timeout"));
    }

    private <T> @Nullable T receive(Codec<T> codec, Delivery when, @Nullable Duration timeout)
            throws InterruptedException {
        Holder<T> holder = new Holder<>();
        enter();
        try {
            takeOrWait(new DecodingHandler<>(codec, holder), 1, when, timeout);
        } finally {
            guard.leave();
        }
        return holder.value;
    }

    @Override
    public final ReceiveResult receive(ByteBuffer into, Duration timeout) throws InterruptedException {
        if (Objects.requireNonNull(into, "into").isReadOnly()) {
            throw new IllegalArgumentException("into: a read-only buffer (expected: a writable one)");
        }
        Objects.requireNonNull(timeout, "timeout");
        int start = into.position();
        int taken;
        enter();
        try {
            copying.into = into;
            taken = takeOrWait(copying, 1, Delivery.AT_LEAST_ONCE, timeout);
        } finally {
            copying.into = null;
            guard.leave();
        }
        return switch (taken) {
            case CLOSED -> ReceiveResult.CLOSED;
            case 0 -> ReceiveResult.EMPTY;
            default -> ReceiveResult.message(into.position() - start);
        };
    }

    @Override
    public final boolean isChannelClosed() {
        return channelClosed;
    }

    @Override
    public final void forEach(MessageHandler handler) throws InterruptedException {
        Objects.requireNonNull(handler, "handler");
        int taken;
        do {
            enter();
            try {
                taken = takeOrWait(handler, MESSAGES_PER_INTERRUPT_CHECK, delivery, null);
            } finally {
                guard.leave();
            }
        } while (taken != CLOSED);
    }

    @Override
    public final void close() {
        guard.close();
    }

    private void enter() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        guard.enter();
    }

    /** Takes what is available, or waits for it; called inside the guard. Allocates only before it sleeps. */
    private int takeOrWait(MessageHandler handler, int limit, Delivery when, @Nullable Duration timeout)
            throws InterruptedException {
        boolean waits = timeout == null || !(timeout.isZero() || timeout.isNegative());
        try {
            int taken = takeNow(handler, limit, when);
            if (taken == 0 && waits && spin()) {
                taken = takeNow(handler, limit, when);
            }
            if (taken != 0 || !waits) {
                return taken;
            }
            Deadline deadline = timeout == null ? Deadline.NEVER : Deadline.after(timeout);
            do {
                await(deadline);
                taken = takeNow(handler, limit, when);
            } while (taken == 0 && !deadline.isOver());
            return taken;
        } catch (PosixException e) {
            throw cannotReceive(e);
        }
    }

    private int takeNow(MessageHandler handler, int limit, Delivery when) {
        int taken = take(handler, limit, when);
        channelClosed = taken == CLOSED;
        return taken;
    }

    private ChannelException cannotReceive(PosixException e) {
        return SystemFailure.of("cannot receive from " + endpoint, e);
    }

    private static final class Holder<T> implements Consumer<T> {
        private @Nullable T value;

        @Override
        public void accept(T received) {
            value = received;
        }
    }

    /** Copies a message into a buffer of the caller, which it has only meanwhile. */
    private static final class CopyInto implements MessageHandler {
        private @Nullable ByteBuffer into;

        @Override
        public void onMessage(ByteBuffer buffer, int offset, int length) {
            ByteBuffer target = Objects.requireNonNull(into);
            if (target.remaining() < length) {
                throw new IllegalArgumentException("into: " + target.remaining() + " bytes remain (expected: at least "
                        + length + ", the length of the message)");
            }
            target.put(target.position(), buffer, offset, length);
            target.position(target.position() + length);
        }
    }
}
