package org.processmanager.benchmarks.ours;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processmanager.benchmarks.multiprocess.message.Message;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;

/** Receives by {@code poll}, or by {@code forEach}, which an exception leaves at the end message. */
final class StreamReceiver implements Receiver {
    private static final EndSeen END_SEEN = new EndSeen();

    private final ChannelTransport transport;
    private final MessageReceiver receiver;
    private final MessageHandler deliver = this::deliver;
    private final MessageHandler deliverUntilEnd = this::deliverUntilEnd;
    private Sink sink;
    private int delivered;

    StreamReceiver(ChannelTransport transport, MessageReceiver receiver) {
        this.transport = transport;
        this.receiver = receiver;
    }

    @Override
    public int poll(Sink to, int limit) throws InterruptedException {
        sink = to;
        if (transport.isPolling()) {
            return receiver.poll(deliver, limit);
        }
        delivered = 0;
        try {
            receiver.forEach(deliverUntilEnd);
        } catch (EndSeen end) {
            // expected: the end message was received
        }
        return delivered;
    }

    private void deliver(ByteBuffer buffer, int offset, int length) {
        Packet.deliver(buffer.order(ByteOrder.nativeOrder()), offset, length, sink);
    }

    private void deliverUntilEnd(ByteBuffer buffer, int offset, int length) {
        deliver(buffer, offset, length);
        delivered++;
        if (buffer.getLong(offset) == Message.END) {
            throw END_SEEN;
        }
    }

    @Override
    public void close() {
        receiver.close();
    }

    private static final class EndSeen extends RuntimeException {
        private static final long serialVersionUID = 1;

        EndSeen() {
            super("", null, false, false);
        }
    }
}
