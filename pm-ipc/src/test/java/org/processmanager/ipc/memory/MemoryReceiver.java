package org.processmanager.ipc.memory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.ReceiveResult;

/** Takes messages out of a channel. */
final class MemoryReceiver implements MessageReceiver {
    private final Endpoint endpoint;
    private final MemoryChannel channel;
    private final Delivery delivery;
    private final boolean waitsForSenders;
    private long sendersBefore;
    private long messages;
    private boolean inUse;
    private boolean closed;
    private volatile boolean channelClosed;

    MemoryReceiver(Endpoint endpoint, MemoryChannel channel, Delivery delivery, boolean waitsForSenders) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.delivery = delivery;
        this.waitsForSenders = waitsForSenders;
        channel.update(() -> {
            if (channel.hasReceiver) {
                long pid = ProcessHandle.current().pid();
                throw new ChannelBusyException("cannot receive from " + endpoint + ": pid " + pid + " does", pid);
            }
            channel.hasReceiver = true;
            sendersBefore = channel.sendersSoFar - channel.senders;
        });
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
        }
        try {
            return take(handler, limit, delivery, 0);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted without waiting", e);
        }
    }

    /** Waits for a message, at most the time, and passes on what is available. */
    private int take(MessageHandler handler, int limit, Delivery when, long nanos) throws InterruptedException {
        enter();
        try {
            for (int taken = 0; ; taken++) {
                byte[] message = first(taken == 0 ? nanos : 0, when);
                if (message == null) {
                    channelClosed &= taken == 0;
                    return channelClosed ? CLOSED : taken;
                }
                handler.onMessage(ByteBuffer.wrap(message).asReadOnlyBuffer(), 0, message.length);
                if (when == Delivery.AT_LEAST_ONCE) {
                    channel.update(this::removeFirst);
                }
                if (taken + 1 == limit) {
                    return limit;
                }
            }
        } finally {
            channel.update(() -> inUse = false);
        }
    }

    private byte[] first(long nanos, Delivery when) throws InterruptedException {
        channel.lock.lock();
        try {
            channel.await(nanos, () -> closed || !channel.messages.isEmpty() || isClosedNow());
            checkOpen();
            byte[] message = channel.messages.peek();
            channelClosed = isClosedNow();
            if (message != null && when == Delivery.AT_MOST_ONCE) {
                removeFirst();
            }
            return message;
        } finally {
            channel.lock.unlock();
        }
    }

    private void removeFirst() {
        channel.removeFirst();
        messages++;
    }

    private boolean isClosedNow() {
        return channel.messages.isEmpty()
                && (channel.deleted
                        || !waitsForSenders
                                && channel.senders == 0
                                && (messages > 0 || channel.sendersSoFar > sendersBefore));
    }

    private void enter() {
        channel.update(() -> {
            checkOpen();
            if (inUse) {
                throw new IllegalStateException("receiver of " + endpoint + " is in use (expected: one thread)");
            }
            inUse = true;
        });
    }

    @Override
    public byte[] receive() throws InterruptedException {
        return receive(Codec.bytes(), Delivery.AT_LEAST_ONCE, Long.MAX_VALUE);
    }

    @Override
    public byte[] receive(Duration timeout) throws InterruptedException {
        return receive(Codec.bytes(), Delivery.AT_LEAST_ONCE, MemoryChannel.nanos(timeout));
    }

    @Override
    public <T> T receive(Codec<T> codec) throws InterruptedException {
        return receive(codec, delivery, Long.MAX_VALUE);
    }

    @Override
    public <T> T receive(Codec<T> codec, Duration timeout) throws InterruptedException {
        return receive(codec, delivery, MemoryChannel.nanos(timeout));
    }

    private <T> T receive(Codec<T> codec, Delivery when, long nanos) throws InterruptedException {
        checkInterrupt();
        Object[] value = new Object[1];
        take((buffer, offset, length) -> value[0] = codec.decode(buffer, offset, length), 1, when, nanos);
        @SuppressWarnings("unchecked")
        T decoded = (T) value[0];
        return decoded;
    }

    @Override
    public ReceiveResult receive(ByteBuffer into, Duration timeout) throws InterruptedException {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("into: a read-only buffer (expected: a writable one)");
        }
        checkInterrupt();
        int start = into.position();
        int taken = take(
                (buffer, offset, length) -> {
                    if (into.remaining() < length) {
                        throw new IllegalArgumentException(
                                "into: " + into.remaining() + " bytes remain (expected: at least " + length + ")");
                    }
                    into.put(buffer.slice(offset, length));
                },
                1,
                Delivery.AT_LEAST_ONCE,
                MemoryChannel.nanos(timeout));
        return taken == CLOSED
                ? ReceiveResult.CLOSED
                : taken == 0 ? ReceiveResult.EMPTY : ReceiveResult.message(into.position() - start);
    }

    @Override
    public void forEach(MessageHandler handler) throws InterruptedException {
        int taken;
        do {
            checkInterrupt();
            taken = take(handler, 1, delivery, Long.MAX_VALUE);
        } while (taken != CLOSED);
    }

    private static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public boolean isChannelClosed() {
        return channelClosed;
    }

    @Override
    public ChannelSnapshot snapshot() {
        channel.lock.lock();
        try {
            checkOpen();
            return new ChannelSnapshot(
                    endpoint, channel.senders > 0, List.of(), messages, channel.bytes, channel.capacity);
        } finally {
            channel.lock.unlock();
        }
    }

    @Override
    public void close() {
        channel.update(() -> {
            if (!closed) {
                closed = true;
                channel.hasReceiver = false;
                channel.receiversGone++;
            }
        });
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("receiver of " + endpoint + " is closed");
        }
    }
}
