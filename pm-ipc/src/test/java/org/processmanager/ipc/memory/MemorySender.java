package org.processmanager.ipc.memory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelClosedException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.NotConnectedException;
import org.processmanager.ipc.SendStatus;

/** Puts copies of messages into a channel. */
final class MemorySender implements MessageSender {
    private final Endpoint endpoint;
    private final MemoryChannel channel;
    private long messages;
    private long receiversKnownGone;
    private boolean closed;
    private boolean batchOpen;

    MemorySender(Endpoint endpoint, MemoryChannel channel) {
        this.endpoint = endpoint;
        this.channel = channel;
        channel.update(() -> {
            channel.senders++;
            channel.sendersSoFar++;
            receiversKnownGone = channel.receiversGone;
        });
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        checkNoBatch();
        transmit(message);
    }

    private void transmit(ByteBuffer message) throws InterruptedException {
        SendStatus status = transmit(message, Long.MAX_VALUE);
        if (status == SendStatus.CLOSED) {
            throw new ChannelClosedException("cannot send to " + endpoint + ": it was deleted; open it again");
        }
        if (status != SendStatus.SENT) {
            throw new NotConnectedException("cannot send to " + endpoint + ": its receiver closed; send again");
        }
    }

    @Override
    public SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        checkNoBatch();
        return transmit(message, MemoryChannel.nanos(timeout));
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        checkNoBatch();
        byte[] copy = copy(message);
        channel.lock.lock();
        try {
            return status(copy, 0);
        } finally {
            channel.lock.unlock();
        }
    }

    private SendStatus transmit(ByteBuffer message, long nanos) throws InterruptedException {
        byte[] copy = copy(message);
        channel.lock.lockInterruptibly();
        try {
            SendStatus[] status = {SendStatus.FULL};
            if (!channel.await(nanos, () -> (status[0] = status(copy, receiversKnownGone)) != SendStatus.FULL)) {
                return status(copy, 0);
            }
            if (status[0] == SendStatus.NOT_CONNECTED) {
                receiversKnownGone = channel.receiversGone;
            }
            return status[0];
        } finally {
            channel.lock.unlock();
        }
    }

    /** Adds a message, or returns why it cannot: a receiver that has left counts if it was not reported before. */
    private SendStatus status(byte[] message, long knownGone) {
        checkOpen();
        if (channel.deleted) {
            return SendStatus.CLOSED;
        }
        if (channel.add(message)) {
            messages++;
            return SendStatus.SENT;
        }
        return channel.hasReceiver || channel.receiversGone == knownGone ? SendStatus.FULL : SendStatus.NOT_CONNECTED;
    }

    private byte[] copy(ByteBuffer message) {
        checkOpen();
        if (message.remaining() > channel.capacity) {
            throw new IllegalArgumentException(
                    "message: " + message.remaining() + " bytes (expected: at most " + channel.capacity + ")");
        }
        byte[] copy = new byte[message.remaining()];
        message.get(message.position(), copy);
        return copy;
    }

    @Override
    public Batch batch() {
        checkNoBatch();
        checkOpen();
        batchOpen = true;
        return new MemoryBatch();
    }

    @Override
    public void flush() {
        checkOpen();
    }

    @Override
    public int maxMessageBytes() {
        return channel.capacity;
    }

    @Override
    public ChannelSnapshot snapshot() {
        channel.lock.lock();
        try {
            checkOpen();
            return new ChannelSnapshot(
                    endpoint, channel.hasReceiver, List.of(), messages, channel.bytes, channel.capacity);
        } finally {
            channel.lock.unlock();
        }
    }

    @Override
    public void close() {
        channel.update(() -> {
            if (!closed) {
                closed = true;
                channel.senders--;
            }
        });
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("sender of " + endpoint + " is closed");
        }
    }

    private void checkNoBatch() {
        if (batchOpen) {
            throw new IllegalStateException("sender of " + endpoint + " has an open batch; close it first");
        }
    }

    /** Sends its messages one by one. */
    private final class MemoryBatch implements Batch {
        private boolean ended;

        @Override
        public SendStatus offer(ByteBuffer message) {
            commit();
            byte[] copy = copy(message);
            channel.lock.lock();
            try {
                return status(copy, 0);
            } finally {
                channel.lock.unlock();
            }
        }

        @Override
        public void send(ByteBuffer message) throws InterruptedException {
            commit();
            transmit(message);
        }

        @Override
        public void commit() {
            if (ended) {
                throw new IllegalStateException("the batch is closed");
            }
            checkOpen();
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                batchOpen = false;
            }
        }
    }
}
