package org.processmanager.benchmarks.peers.jctools;

import java.util.List;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpmcArrayQueue;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/**
 * JCTools' array queues between threads of one JVM, the queue for the number of senders and receivers; its batch form
 * is {@code fill}. A message is a new array, since its receiver may keep it.
 */
public final class JctoolsTransport implements Transport {
    private static final String SPINNING = "spinning";
    private static final String PARKING = "parking";
    private static final String EASING = "easing";
    private static final String TAKE = "take";

    private final MessagePassingQueue<byte[]> queue;
    private final int bytes;
    private final boolean blocking;
    private final boolean crowded;

    public JctoolsTransport(Params settings) {
        int senders = settings.number("senders");
        int receivers = settings.number("receivers");
        bytes = settings.number("bytes");
        blocking = settings.text("mode").equals("blocking");
        crowded = senders + receivers > 2;
        queue = queue(settings.number("capacity") / bytes, senders, receivers, blocking);
    }

    private static MessagePassingQueue<byte[]> queue(int capacity, int senders, int receivers, boolean blocking) {
        if (blocking) {
            return new MpscBlockingConsumerArrayQueue<>(capacity);
        }
        if (receivers > 1) {
            return new MpmcArrayQueue<>(capacity);
        }
        return senders > 1 ? new MpscArrayQueue<>(capacity) : new SpscArrayQueue<>(capacity);
    }

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public List<String> variants() {
        return blocking ? List.of(TAKE) : List.of(crowded ? PARKING : SPINNING, EASING);
    }

    @Override
    public Idle idle(String variant) {
        return switch (variant) {
            case SPINNING -> Idle.spinning();
            case PARKING -> Idle.parking();
            case EASING -> Idle.easing();
            default -> Idle.none();
        };
    }

    @Override
    public Sender sender(int index) {
        return new QueueSender();
    }

    @Override
    public Receiver receiver(int index) {
        return blocking ? this::take : new QueueReceiver();
    }

    private int take(Sink sink, int limit) throws InterruptedException {
        Packet.deliver(((MpscBlockingConsumerArrayQueue<byte[]>) queue).take(), sink);
        return 1;
    }

    private byte[] message(long head) {
        byte[] message = new byte[bytes];
        Packet.write(message, head);
        return message;
    }

    private final class QueueSender implements Sender {
        private final MessagePassingQueue.Supplier<byte[]> supplier = this::next;
        private long nextHead;
        private byte[] refused; // the queue was full: the next call is for the same message

        @Override
        public boolean offer(long head) {
            byte[] message = refused == null ? message(head) : refused;
            refused = queue.offer(message) ? null : message;
            return refused == null;
        }

        @Override
        public int offerBatch(long firstHead, int count) {
            nextHead = firstHead;
            return queue.fill(supplier, count);
        }

        private byte[] next() {
            return message(nextHead++);
        }
    }

    private final class QueueReceiver implements Receiver {
        private final MessagePassingQueue.Consumer<byte[]> consumer = this::deliver;
        private Sink sink;

        @Override
        public int poll(Sink to, int limit) {
            sink = to;
            return queue.drain(consumer, limit);
        }

        private void deliver(byte[] message) {
            Packet.deliver(message, sink);
        }
    }
}
