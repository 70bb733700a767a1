package org.processmanager.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.processmanager.core.ProcessManager;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedMemory;

/**
 * Threads of this JVM send items of 64 bytes to other JVMs, and block while there is no room: the score is the rate of the items
 * that were accepted, in the long run that of the consumers. {@link ProducerConsumerBenchmark} measures threads of one JVM.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProcessesBenchmark {
    private static final int BYTES = 64;
    private static final int CELLS = 1024;
    private static final int SEVERAL = 32;

    @Benchmark
    public void laneOneToOne(Sending sending) throws InterruptedException {
        sending.send();
    }

    @Benchmark
    @OperationsPerInvocation(SEVERAL)
    public void laneBatchesOneToOne(Sending sending) throws InterruptedException {
        sending.sendSeveral();
    }

    @Benchmark
    @Threads(3)
    public void lanesThreeToOne(Sending sending) throws InterruptedException {
        sending.send();
    }

    @Benchmark
    @Threads(2)
    public void queueTwoToTwo(Sending sending) throws InterruptedException {
        sending.send();
    }

    @Benchmark
    public void fifoOneToOne(Sending sending) throws InterruptedException {
        sending.send();
    }

    @Benchmark
    @OperationsPerInvocation(SEVERAL)
    public void fifoBatchesOneToOne(Sending sending) throws InterruptedException {
        sending.sendSeveral();
    }

    @Benchmark
    public void bufferOneToOne(Putting putting) throws InterruptedException {
        putting.put();
    }

    @Benchmark
    @Threads(2)
    public void bufferTwoToTwo(Putting putting) throws InterruptedException {
        putting.put();
    }

    /** The JVMs that consume. */
    @State(Scope.Benchmark)
    public static class Consumers {
        private final TemporaryRegion region = new TemporaryRegion();
        private final ProcessManager manager = ProcessManager.create();
        private String endpoint;

        @Setup
        public void start(BenchmarkParams params) {
            String benchmark = params.getBenchmark();
            Path file = region.directory().resolve("channel");
            if (benchmark.contains(".fifo")) {
                endpoint = "fifo:" + file;
            } else if (benchmark.contains(".queue")) {
                endpoint = "mapped:" + file + "?mode=queue&capacity=64k&max=" + BYTES;
            } else {
                endpoint = "mapped:" + file + "?capacity=64k&senders=" + params.getThreads();
            }
            String source = benchmark.contains(".buffer") ? region.file().toString() : endpoint;
            int count = benchmark.endsWith("TwoToTwo") ? 2 : 1;
            for (int i = 0; i < count; i++) {
                manager.java(Consumer.class).args(source).dieWithParent().start();
            }
        }

        SharedBoundedBuffer buffer() {
            return buffer(region.memory());
        }

        static SharedBoundedBuffer buffer(SharedMemory memory) {
            return memory.boundedBuffer("items", CELLS, BYTES);
        }

        @TearDown
        public void stop() {
            manager.close();
            region.close();
        }
    }

    /** Consumes the messages of an endpoint, or the items of the buffer in the region of a file. */
    static final class Consumer {
        private static long sum;

        private Consumer() {}

        public static void main(String[] args) throws InterruptedException {
            if (args[0].startsWith("/")) {
                try (SharedMemory memory = SharedMemory.open(Path.of(args[0]))) {
                    SharedBoundedBuffer items = Consumers.buffer(memory);
                    for (byte[] item = items.take(); item != null; item = items.take()) {
                        sum += item[0];
                    }
                }
            } else {
                try (MessageReceiver receiver = Ipc.receiver(args[0])) {
                    receiver.forEach((buffer, offset, length) -> sum += buffer.getLong(offset));
                }
            }
        }
    }

    /** A thread that sends. */
    @State(Scope.Thread)
    public static class Sending {
        private final ByteBuffer message = ByteBuffer.allocateDirect(BYTES);
        private MessageSender sender;

        @Setup
        public void open(Consumers consumers) {
            sender = Ipc.sender(consumers.endpoint);
        }

        void send() throws InterruptedException {
            sender.send(message);
        }

        void sendSeveral() throws InterruptedException {
            try (Batch batch = sender.batch()) {
                for (int i = 0; i < SEVERAL; i++) {
                    batch.send(message);
                }
            }
        }

        @TearDown
        public void close() {
            sender.close();
        }
    }

    /** A thread that puts items into the bounded buffer. */
    @State(Scope.Thread)
    public static class Putting {
        private final byte[] item = new byte[BYTES];
        private SharedBoundedBuffer buffer;

        @Setup
        public void open(Consumers consumers) {
            buffer = consumers.buffer();
        }

        void put() throws InterruptedException {
            buffer.put(item);
        }
    }
}
