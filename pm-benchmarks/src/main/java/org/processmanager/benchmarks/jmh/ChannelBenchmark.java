package org.processmanager.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.OpenMode;

/**
 * Sends and receives a message of 64 bytes through a mapped channel on one thread: the cost of the code, without
 * waiting.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChannelBenchmark {
    private static final int BYTES = 64;
    private static final int SEVERAL = 32;

    private final TemporaryRegion directory = new TemporaryRegion();
    private final String endpoint = "mapped:" + directory.directory().resolve("channel") + "?capacity=64k";
    private final MessageReceiver receiver = Ipc.receiver(endpoint, OpenMode.OPEN_OR_CREATE);
    private final MessageSender sender = Ipc.sender(endpoint, OpenMode.OPEN_EXISTING);
    private final ByteBuffer message = ByteBuffer.allocateDirect(BYTES);
    private final MessageHandler handler = this::onMessage;
    private long sum;

    @Benchmark
    public long offerAndPoll() {
        message.clear();
        sender.offer(message);
        receiver.poll(handler, 1);
        return sum;
    }

    @Benchmark
    public long claimAndPoll() throws InterruptedException {
        Claim claim = sender.claim(BYTES);
        claim.buffer().putLong(0, sum);
        claim.commit();
        receiver.poll(handler, 1);
        return sum;
    }

    /** Sends messages one by one and receives them together: the cost of a message when the receiver polls rarely. */
    @Benchmark
    @OperationsPerInvocation(SEVERAL)
    public long offersAndOnePoll() {
        for (int i = 0; i < SEVERAL; i++) {
            message.clear();
            sender.offer(message);
        }
        receiver.poll(handler, SEVERAL);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(SEVERAL)
    public long batchAndOnePoll() {
        try (Batch batch = sender.batch()) {
            for (int i = 0; i < SEVERAL; i++) {
                message.clear();
                batch.offer(message);
            }
        }
        receiver.poll(handler, SEVERAL);
        return sum;
    }

    @Benchmark
    public int emptyPoll() {
        return receiver.poll(handler, 1);
    }

    private void onMessage(ByteBuffer buffer, int offset, int length) {
        sum += buffer.getLong(offset);
    }

    @TearDown
    public void close() {
        sender.close();
        receiver.close();
        directory.close();
    }
}
