package org.processmanager.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedBoundedBuffer;

/**
 * Threads send items of 64 bytes to other threads. The rate to compare is {@code received}: the score also counts attempts at a
 * full or empty buffer. No thread blocks, because at the end of an iteration its peers may have stopped.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProducerConsumerBenchmark {
    private static final int BYTES = 64;
    private static final int CELLS = 1024;
    private static final int SEVERAL = 32;

    // ---- a mapped channel

    @Benchmark
    @Group("laneOneToOne")
    public SendStatus sendOneToOne(Sending sending) {
        return sending.offer();
    }

    @Benchmark
    @Group("laneOneToOne")
    public int receiveOneToOne(Receiving receiving, Received received) {
        return received.add(receiving.poll());
    }

    @Benchmark
    @Group("laneBatchesOneToOne")
    public SendStatus sendBatches(Sending sending) {
        return sending.offerSeveral();
    }

    @Benchmark
    @Group("laneBatchesOneToOne")
    public int receiveBatches(Receiving receiving, Received received) {
        return received.add(receiving.poll());
    }

    @Benchmark
    @Group("lanesThreeToOne")
    @GroupThreads(3)
    public SendStatus sendThreeToOne(Sending sending) {
        return sending.offer();
    }

    @Benchmark
    @Group("lanesThreeToOne")
    public int receiveThreeToOne(Receiving receiving, Received received) {
        return received.add(receiving.poll());
    }

    @Benchmark
    @Group("queueTwoToTwo")
    @GroupThreads(2)
    public SendStatus sendTwoToTwo(Sending sending) {
        return sending.offer();
    }

    @Benchmark
    @Group("queueTwoToTwo")
    @GroupThreads(2)
    public int receiveTwoToTwo(Receiving receiving, Received received) {
        return received.add(receiving.poll());
    }

    // ---- the bounded buffer that the queue is made of, and that of the JDK

    @Benchmark
    @Group("bufferOneToOne")
    public boolean bufferOfferOneToOne(Buffers buffers) {
        return buffers.shared.offer(buffers.item);
    }

    @Benchmark
    @Group("bufferOneToOne")
    public int bufferPollOneToOne(Buffers buffers, Received received) {
        return received.add(buffers.shared.poll());
    }

    @Benchmark
    @Group("bufferTwoToTwo")
    @GroupThreads(2)
    public boolean bufferOfferTwoToTwo(Buffers buffers) {
        return buffers.shared.offer(buffers.item);
    }

    @Benchmark
    @Group("bufferTwoToTwo")
    @GroupThreads(2)
    public int bufferPollTwoToTwo(Buffers buffers, Received received) {
        return received.add(buffers.shared.poll());
    }

    @Benchmark
    @Group("arrayBlockingQueueOneToOne")
    public boolean queueOfferOneToOne(Buffers buffers) {
        return buffers.queue.offer(buffers.item.clone());
    }

    @Benchmark
    @Group("arrayBlockingQueueOneToOne")
    public int queuePollOneToOne(Buffers buffers, Received received) {
        return received.add(buffers.queue.poll());
    }

    @Benchmark
    @Group("arrayBlockingQueueTwoToTwo")
    @GroupThreads(2)
    public boolean queueOfferTwoToTwo(Buffers buffers) {
        return buffers.queue.offer(buffers.item.clone());
    }

    @Benchmark
    @Group("arrayBlockingQueueTwoToTwo")
    @GroupThreads(2)
    public int queuePollTwoToTwo(Buffers buffers, Received received) {
        return received.add(buffers.queue.poll());
    }

    /** The items that arrived at a thread. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Received {
        public long received;

        int add(int items) {
            received += Math.max(0, items);
            return items;
        }

        int add(byte[] item) {
            return add(item == null ? 0 : 1);
        }
    }

    /** The buffers of a group. */
    @State(Scope.Group)
    public static class Buffers {
        private final byte[] item = new byte[BYTES];
        private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(CELLS);
        private final TemporaryRegion region = new TemporaryRegion();
        private final SharedBoundedBuffer shared = region.memory().boundedBuffer("items", CELLS, BYTES);

        @TearDown
        public void close() {
            region.close();
        }
    }

    /** The name of a group's channel. */
    @State(Scope.Group)
    public static class Channel {
        private final TemporaryRegion directory = new TemporaryRegion();
        private String endpoint;

        @Setup
        public void name(BenchmarkParams params) {
            String group = params.getBenchmark();
            String file = "mapped:" + directory.directory().resolve("channel") + "?capacity=64k";
            endpoint = group.endsWith("ThreeToOne")
                    ? file + "&senders=3"
                    : group.endsWith("TwoToTwo") ? file + "&mode=queue&max=" + BYTES : file;
        }

        @TearDown
        public void close() {
            directory.close();
        }
    }

    /** A thread that sends. */
    @State(Scope.Thread)
    public static class Sending {
        private final ByteBuffer message = ByteBuffer.allocateDirect(BYTES);
        private MessageSender sender;

        @Setup
        public void open(Channel channel) {
            sender = Ipc.sender(channel.endpoint, OpenMode.OPEN_OR_CREATE);
        }

        SendStatus offer() {
            return sender.offer(message);
        }

        SendStatus offerSeveral() {
            SendStatus last = SendStatus.SENT;
            try (Batch batch = sender.batch()) {
                for (int i = 0; i < SEVERAL; i++) {
                    last = batch.offer(message);
                }
            }
            return last;
        }

        @TearDown
        public void close() {
            sender.close();
        }
    }

    /** A thread that receives. */
    @State(Scope.Thread)
    public static class Receiving {
        private final MessageHandler handler = this::onMessage;
        private MessageReceiver receiver;
        private long sum;

        @Setup
        public void open(Channel channel) {
            receiver = Ipc.receiver(channel.endpoint, OpenMode.OPEN_OR_CREATE);
        }

        int poll() {
            return receiver.poll(handler, CELLS);
        }

        private void onMessage(ByteBuffer buffer, int offset, int length) {
            sum += buffer.getLong(offset);
        }

        @TearDown
        public void close() {
            receiver.close();
        }
    }
}
