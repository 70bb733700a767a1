package org.processmanager.ipc.internal.queue;

import java.nio.ByteBuffer;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.SendStatus;

/** A batch of a queue, which has no commit for many messages: each message is published when it is added. */
final class QueueBatch implements Batch {
    private final QueueSender sender;
    private boolean closed;

    QueueBatch(QueueSender sender) {
        this.sender = sender;
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        checkOpen();
        return sender.tryTransmit(message);
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        checkOpen();
        sender.transmit(message);
    }

    @Override
    public void commit() {
        checkOpen();
        sender.flush();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            sender.batchClosed();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the batch of " + sender.channel.endpoint + " is closed; open another one by batch()");
        }
    }
}
