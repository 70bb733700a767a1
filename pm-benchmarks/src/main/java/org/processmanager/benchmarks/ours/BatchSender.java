package org.processmanager.benchmarks.ours;

import java.nio.ByteBuffer;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.MessageSender;

/** Sends several messages with one commit. */
final class BatchSender implements Sender {
    private final ChannelTransport transport;
    private final MessageSender sender;
    private final Batch batch;
    private final int bytes;
    private final ByteBuffer message;

    BatchSender(ChannelTransport transport, MessageSender sender, int bytes) {
        this.transport = transport;
        this.sender = sender;
        this.batch = sender.batch();
        this.bytes = bytes;
        this.message = Packet.allocate(bytes);
    }

    @Override
    public boolean offer(long head) throws InterruptedException {
        return offerBatch(head, 1) == 1;
    }

    @Override
    public int offerBatch(long firstHead, int count) throws InterruptedException {
        int added = 0;
        while (added < count && add(firstHead + added)) {
            added++;
        }
        batch.commit();
        return added;
    }

    private boolean add(long head) throws InterruptedException {
        Packet.write(message, 0, bytes, head);
        message.clear();
        if (transport.isPolling()) {
            return SingleSender.wasSent(batch.offer(message));
        }
        batch.send(message);
        return true;
    }

    @Override
    public void close() {
        batch.close();
        sender.close();
    }
}
