package org.processmanager.benchmarks.jmh;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.processmanager.sync.SharedBoundedBuffer;

/** One thread offers items of 64 bytes, another polls them; the combined rate of both. */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BufferBenchmark {
    private static final int CELLS = 1024;
    private static final int BYTES = 64;

    private final TemporaryRegion region = new TemporaryRegion();
    private final SharedBoundedBuffer buffer = region.memory().boundedBuffer("items", CELLS, BYTES);
    private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(CELLS);
    private final byte[] item = new byte[BYTES];

    // neither side blocks: at the end of an iteration the other side may have stopped

    @Benchmark
    @Group("sharedBoundedBuffer")
    @GroupThreads(1)
    public boolean sharedOffer() {
        return buffer.offer(item);
    }

    @Benchmark
    @Group("sharedBoundedBuffer")
    @GroupThreads(1)
    public byte[] sharedPoll() {
        return buffer.poll();
    }

    @Benchmark
    @Group("arrayBlockingQueue")
    @GroupThreads(1)
    public boolean queueOffer() {
        return queue.offer(item.clone());
    }

    @Benchmark
    @Group("arrayBlockingQueue")
    @GroupThreads(1)
    public byte[] queuePoll() {
        return queue.poll();
    }

    @TearDown
    public void close() {
        region.close();
    }
}
