package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.internal.region.park.Deadline;

/** A batch over a transport that has no commit for many messages: each is published when it is added. */
public final class UnbatchedBatch implements Batch {
    /** What the batch needs of its sender. */
    public interface Target {
        /** Sends, waiting at most until then. */
        SendStatus transmit(ByteBuffer message, Deadline deadline) throws InterruptedException;

        /** Sends without waiting. */
        SendStatus tryTransmit(ByteBuffer message);

        /** The batch is closed. */
        void batchClosed();
    }

    private final Target target;
    private boolean closed;

    /** A batch that is open. */
    public UnbatchedBatch(Target target) {
        this.target = target;
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        commit();
        return target.tryTransmit(message);
    }

    @Override
    public SendStatus send(ByteBuffer message) throws InterruptedException {
        commit();
        return target.transmit(message, Deadline.NEVER);
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
