package org.processmanager.benchmarks.peers;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/**
 * {@code ArrayBlockingQueue} between threads of one JVM: {@code put} and {@code take}, or {@code offer} and {@code
 * poll} with our idle strategy. A message is a new array, since its receiver may keep it.
 */
public final class BlockingQueueTransport implements Transport {
    private static final String WAITING = "put/take";
    private static final String POLLING = "offer/poll, easing";

    private final ArrayBlockingQueue<byte[]> queue;
    private final int bytes;
    private final boolean blockingOnly;
    private volatile boolean polling;

    public BlockingQueueTransport(Params settings) {
        bytes = settings.number("bytes");
        queue = new ArrayBlockingQueue<>(settings.number("capacity") / bytes);
        blockingOnly = settings.text("mode").equals("blocking");
    }

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public List<String> variants() {
        return blockingOnly ? List.of(WAITING) : List.of(WAITING, POLLING);
    }

    @Override
    public Idle idle(String variant) {
        polling = variant.equals(POLLING);
        return polling ? Idle.easing() : Idle.none();
    }

    @Override
    public Sender sender(int index) {
        return new QueueSender();
    }

    @Override
    public Receiver receiver(int index) {
        return (sink, limit) -> {
            byte[] message = polling ? queue.poll() : queue.take();
            if (message == null) {
                return 0;
            }
            Packet.deliver(message, sink);
            return 1;
        };
    }

    private final class QueueSender implements Sender {
        private byte[] refused; // the queue was full: the next call is for the same message

        @Override
        public boolean offer(long head) throws InterruptedException {
            byte[] message = refused;
            if (message == null) {
                message = new byte[bytes];
                Packet.write(message, head);
            }
            if (!polling) {
                queue.put(message);
                return true;
            }
            refused = queue.offer(message) ? null : message;
            return refused == null;
        }
    }
}
