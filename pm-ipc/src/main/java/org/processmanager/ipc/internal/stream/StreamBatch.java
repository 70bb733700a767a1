package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.sync.internal.region.park.Deadline;

/** A batch of a {@link StreamSender}: it holds as many small messages back as one write accepts as a whole. */
final class StreamBatch implements Batch {
    private final StreamSender sender;
    private boolean closed;

    StreamBatch(StreamSender sender) {
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
        SendFailure.throwUnlessSent(sender.transmit(message, Deadline.NEVER), sender.endpoint);
    }

    @Override
    public void commit() {
        checkOpen();
        sender.publish();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            sender.endBatch();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the batch of " + sender.endpoint + " is closed; open another one by batch()");
        }
    }
}
