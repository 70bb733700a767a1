package org.processmanager.benchmarks.peers.disruptor;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/**
 * The Disruptor's ring between threads of one JVM; its events are the messages, a batch is a range of sequences.
 * Where the receiver should sleep it uses the Disruptor's blocking strategy.
 */
public final class DisruptorTransport implements Transport {
    private static final String SPINNING = "spinning";
    private static final String PARKING = "parking";
    private static final String EASING = "easing";
    private static final String BLOCKING = "blocking";

    private final RingBuffer<byte[]> ring;
    private final boolean blocking;
    private final boolean crowded;

    public DisruptorTransport(Params settings) {
        int bytes = settings.number("bytes");
        crowded = settings.number("senders") > 1;
        blocking = settings.text("mode").equals(BLOCKING);
        ring = RingBuffer.create(
                crowded ? ProducerType.MULTI : ProducerType.SINGLE,
                () -> new byte[bytes],
                settings.number("capacity") / bytes,
                blocking ? new BlockingWaitStrategy() : new BusySpinWaitStrategy());
    }

    @Override
    public boolean crossesProcesses() {
        return false;
    }

    @Override
    public List<String> variants() {
        return blocking ? List.of(BLOCKING) : List.of(crowded ? PARKING : SPINNING, EASING);
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
        return new RingSender(ring);
    }

    @Override
    public Receiver receiver(int index) {
        return blocking ? new WaitingReceiver(ring) : new PollingReceiver(ring);
    }

    private record RingSender(RingBuffer<byte[]> ring) implements Sender {
        @Override
        public boolean offer(long head) {
            return offerBatch(head, 1) == 1;
        }

        @Override
        public int offerBatch(long firstHead, int count) {
            try {
                long last = ring.tryNext(count);
                long first = last - count + 1;
                for (long sequence = first; sequence <= last; sequence++) {
                    Packet.write(ring.get(sequence), firstHead + sequence - first);
                }
                ring.publish(first, last);
                return count;
            } catch (InsufficientCapacityException full) {
                return 0;
            }
        }
    }

    private static final class PollingReceiver implements Receiver {
        private final EventPoller<byte[]> poller;
        private final EventPoller.Handler<byte[]> handler = this::onEvent;
        private Sink sink;
        private int left;

        PollingReceiver(RingBuffer<byte[]> ring) {
            poller = ring.newPoller();
            ring.addGatingSequences(poller.getSequence());
        }

        @Override
        public int poll(Sink to, int limit) throws Exception {
            sink = to;
            left = limit;
            poller.poll(handler);
            return limit - left;
        }

        private boolean onEvent(byte[] message, long sequence, boolean endOfBatch) {
            Packet.deliver(message, sink);
            return --left > 0;
        }
    }

    private static final class WaitingReceiver implements Receiver {
        private final RingBuffer<byte[]> ring;
        private final SequenceBarrier barrier;
        private final Sequence taken = new Sequence();

        WaitingReceiver(RingBuffer<byte[]> ring) {
            this.ring = ring;
            barrier = ring.newBarrier();
            ring.addGatingSequences(taken);
        }

        @Override
        public int poll(Sink sink, int limit) throws Exception {
            long first = taken.get() + 1;
            long last = Math.min(barrier.waitFor(first), first + limit - 1);
            for (long sequence = first; sequence <= last; sequence++) {
                Packet.deliver(ring.get(sequence), sink);
            }
            taken.set(last);
            return (int) (last - first + 1);
        }
    }
}
