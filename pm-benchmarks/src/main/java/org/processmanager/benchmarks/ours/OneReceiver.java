package org.processmanager.benchmarks.ours;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;

/** Receives one message at a time, by {@code poll} or by {@code receive}. */
final class OneReceiver implements Receiver {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ChannelTransport transport;
    private final MessageReceiver receiver;
    private final int bytes;
    private final ByteBuffer message;
    private final MessageHandler handler = this::deliver;
    private Sink sink;

    OneReceiver(ChannelTransport transport, MessageReceiver receiver, int bytes) {
        this.transport = transport;
        this.receiver = receiver;
        this.bytes = bytes;
        this.message = Packet.allocate(bytes);
    }

    @Override
    public int poll(Sink to, int limit) throws InterruptedException {
        sink = to;
        if (transport.isPolling()) {
            return receiver.poll(handler, 1);
        }
        message.clear();
        receiver.receive(message, PATIENCE);
        deliver(message, 0, bytes);
        return 1;
    }

    private void deliver(ByteBuffer buffer, int offset, int length) {
        Packet.deliver(buffer.order(ByteOrder.nativeOrder()), offset, length, sink);
    }

    @Override
    public void close() {
        receiver.close();
    }
}
