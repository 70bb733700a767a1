package org.processmanager.ipc.internal.queue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.ChannelEvents;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.BufferEndedException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.park.Deadline;

/** A sending end of a queue. */
final class QueueSender implements MessageSender, HandleGuard.Handle {
    final QueueChannel channel;
    private final HandleGuard guard;
    private boolean inBatch;
    private volatile long messages;
    /** How many of the receivers so far are known to have left. */
    private long receiversKnownGone;

    static QueueSender open(QueueChannel channel) {
        try {
            return new QueueSender(channel);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private QueueSender(QueueChannel channel) {
        this.channel = channel;
        guard = new HandleGuard("sender of " + channel.endpoint, this);
        receiversKnownGone = channel.soFar(QueueLayout.RECEIVER) - channel.count(QueueLayout.RECEIVER, true);
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        enter(message);
        try {
            return tryPut(message);
        } finally {
            guard.leave();
        }
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        SendFailure.throwUnlessSent(send(message, Deadline.NEVER), channel.endpoint);
    }

    @Override
    public SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        return send(message, Deadline.after(Objects.requireNonNull(timeout, "timeout")));
    }

    private SendStatus send(ByteBuffer message, Deadline deadline) throws InterruptedException {
        enter(message);
        try {
            return putRecorded(message, deadline);
        } finally {
            guard.leave();
        }
    }

    private void enter(ByteBuffer message) {
        checkLength(Objects.requireNonNull(message, "message").remaining());
        guard.enter();
        if (inBatch) {
            guard.leave();
            throw new IllegalStateException("sender of " + channel.endpoint + " has an open batch; close it first");
        }
    }

    private SendStatus tryPut(ByteBuffer message) {
        try {
            if (channel.isDeleted()) {
                return SendStatus.CLOSED;
            }
            if (channel.buffer.offer(message)) {
                messages++;
                return SendStatus.SENT;
            }
            return channel.soFar(QueueLayout.RECEIVER) > 0 && channel.count(QueueLayout.RECEIVER, true) == 0
                    ? SendStatus.NOT_CONNECTED
                    : SendStatus.FULL;
        } catch (RegionException | BufferEndedException e) {
            return closed(e);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot send to " + channel.endpoint, e);
        }
    }

    /** Sends a message, and reports a wait for room to the flight recorder if that is on. */
    private SendStatus putRecorded(ByteBuffer message, Deadline deadline) throws InterruptedException {
        if (!JfrState.isStarted() || Thread.currentThread().isInterrupted()) {
            return put(message, deadline);
        }
        if (tryPut(message) == SendStatus.SENT) {
            return SendStatus.SENT;
        }
        Object blocked = ChannelEvents.blocked();
        try {
            return put(message, deadline);
        } finally {
            ChannelEvents.unblocked(blocked, channel.endpoint.toString());
        }
    }

    private SendStatus put(ByteBuffer message, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            while (true) {
                guard.checkOpen();
                if (channel.isDeleted()) {
                    return SendStatus.CLOSED;
                }
                if (channel.buffer.put(message, QueueReceiver.slice(deadline))) {
                    messages++;
                    return SendStatus.SENT;
                }
                if (haveReceiversLeft()) {
                    return SendStatus.NOT_CONNECTED;
                }
                if (deadline.isOver()) {
                    return tryPut(message);
                }
            }
        } catch (RegionException | BufferEndedException e) {
            return closed(e);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot send to " + channel.endpoint, e);
        }
    }

    /** Receivers that have all left are reported once; a wait that starts after that is for the next one. */
    private boolean haveReceiversLeft() {
        long soFar = channel.soFar(QueueLayout.RECEIVER);
        boolean left = soFar > receiversKnownGone && channel.count(QueueLayout.RECEIVER, true) == 0;
        if (left) {
            receiversKnownGone = soFar;
        }
        return left;
    }

    private SendStatus closed(ProcessManagerException e) {
        if (channel.isDeleted()) {
            return SendStatus.CLOSED;
        }
        throw new ChannelException("cannot send to " + channel.endpoint + ": " + e.getMessage(), e);
    }

    @Override
    public Batch batch() {
        guard.enter();
        try {
            if (inBatch) {
                throw new IllegalStateException("sender of " + channel.endpoint + " has an open batch; close it first");
            }
            inBatch = true;
            return new QueueBatch(this);
        } finally {
            guard.leave();
        }
    }

    /** Sends a message of the batch; blocks until it is accepted. */
    void transmit(ByteBuffer message) throws InterruptedException {
        checkLength(Objects.requireNonNull(message, "message").remaining());
        guard.enter();
        try {
            SendFailure.throwUnlessSent(putRecorded(message, Deadline.NEVER), channel.endpoint);
        } finally {
            guard.leave();
        }
    }

    /** Sends a message of the batch if that is possible without waiting. */
    SendStatus tryTransmit(ByteBuffer message) {
        checkLength(Objects.requireNonNull(message, "message").remaining());
        guard.enter();
        try {
            return tryPut(message);
        } finally {
            guard.leave();
        }
    }

    void batchClosed() {
        inBatch = false;
    }

    @Override
    public void flush() {
        guard.checkOpen();
    }

    private void checkLength(int length) {
        if (length > maxMessageBytes()) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: at most " + maxMessageBytes()
                    + "; create " + channel.endpoint + " with a greater max)");
        }
    }

    @Override
    public int maxMessageBytes() {
        return channel.buffer.cellBytes();
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshot(messages);
    }

    @Override
    public void close() {
        guard.close();
    }

    /** A waiting thread looks at its guard after each slice. */
    @Override
    public void wake() {
        // nothing
    }

    @Override
    public void release() {
        channel.close();
    }
}
