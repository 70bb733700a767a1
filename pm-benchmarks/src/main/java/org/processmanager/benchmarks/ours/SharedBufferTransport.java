package org.processmanager.benchmarks.ours;

import java.nio.ByteBuffer;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.benchmarks.multiprocess.message.Transport;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedMemory;

/** {@code SharedBoundedBuffer}: {@code put} and {@code take}, or {@code offer} and {@code poll}. */
public final class SharedBufferTransport implements Transport {
    private static final String WAITING = "put/take";
    private static final String POLLING = "offer/poll, easing";

    private final SharedMemory memory;
    private final SharedBoundedBuffer buffer;
    private final int bytes;
    private volatile boolean polling;

    public SharedBufferTransport(Params settings) {
        bytes = settings.number("bytes");
        memory = ForkRegion.open(settings);
        buffer = memory.boundedBuffer("items", settings.number("capacity") / bytes, bytes);
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public List<String> variants() {
        return List.of(WAITING, POLLING);
    }

    @Override
    public Idle idle(String variant) {
        polling = variant.equals(POLLING);
        return polling ? Idle.easing() : Idle.none();
    }

    @Override
    public Sender sender(int index) {
        ByteBuffer message = Packet.allocate(bytes);
        return head -> {
            Packet.write(message, 0, bytes, head);
            message.clear();
            if (polling) {
                return buffer.offer(message);
            }
            buffer.put(message);
            return true;
        };
    }

    @Override
    public Receiver receiver(int index) {
        return this::takeOne;
    }

    private int takeOne(Sink sink, int limit) throws InterruptedException {
        byte[] message = polling ? buffer.poll() : buffer.take();
        if (message == null) {
            return 0;
        }
        Packet.deliver(message, sink);
        return 1;
    }

    @Override
    public void close() {
        memory.close();
    }
}
