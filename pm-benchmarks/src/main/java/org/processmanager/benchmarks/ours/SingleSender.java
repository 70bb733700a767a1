package org.processmanager.benchmarks.ours;

import java.nio.ByteBuffer;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;

/** Sends one message at a time. */
final class SingleSender implements Sender {
    private final ChannelTransport transport;
    private final MessageSender sender;
    private final int bytes;
    private final ByteBuffer message;

    SingleSender(ChannelTransport transport, MessageSender sender, int bytes) {
        this.transport = transport;
        this.sender = sender;
        this.bytes = bytes;
        this.message = Packet.allocate(bytes);
    }

    @Override
    public boolean offer(long head) throws InterruptedException {
        Packet.write(message, 0, bytes, head);
        message.clear();
        if (transport.isPolling()) {
            return wasSent(sender.offer(message));
        }
        sender.send(message);
        return true;
    }

    static boolean wasSent(SendStatus status) {
        if (status != SendStatus.SENT && status != SendStatus.FULL) {
            throw new VerificationException("a message could not be sent: " + status);
        }
        return status == SendStatus.SENT;
    }

    @Override
    public void close() {
        sender.close();
    }
}
