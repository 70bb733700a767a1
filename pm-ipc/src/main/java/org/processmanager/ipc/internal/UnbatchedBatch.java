package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.SendStatus;

/** A batch of a transport without a commit for many messages: each message is published when it is added. */
public final class UnbatchedBatch implements Batch {
    /** The sender behind a batch. */
    public interface Target {
        /** Sends a message; blocks until it is accepted. */
        void transmit(ByteBuffer message) throws InterruptedException;

        /** Sends a message if that is possible without waiting. */
        SendStatus tryTransmit(ByteBuffer message);

        /** Called when the batch is closed. */
        void batchClosed();
    }

    private final Target target;
    private boolean closed;

    /** Creates an open batch. */
    public UnbatchedBatch(Target target) {
        this.target = target;
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        commit();
        return target.tryTransmit(message);
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        commit();
        target.transmit(message);
    }

    @Override
    public void commit() {
        if (closed) {
            throw new IllegalStateException("the batch is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            target.batchClosed();
        }
    }
}
