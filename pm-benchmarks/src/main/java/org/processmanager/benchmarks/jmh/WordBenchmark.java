package org.processmanager.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.processmanager.sync.SharedLong;

/** A number shared by processes, beside the {@code AtomicLong} of one process. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WordBenchmark {
    private final TemporaryRegion region = new TemporaryRegion();
    private final SharedLong shared = region.memory().atomicLong("word");
    private final AtomicLong atomic = new AtomicLong();

    @Benchmark
    public long sharedGet() {
        return shared.get();
    }

    @Benchmark
    public long atomicGet() {
        return atomic.get();
    }

    @Benchmark
    public long sharedAdd() {
        return shared.addAndGet(1);
    }

    @Benchmark
    public long atomicAdd() {
        return atomic.addAndGet(1);
    }

    @Benchmark
    public boolean sharedCas() {
        long seen = shared.get();
        return shared.compareAndSet(seen, seen + 1);
    }

    @Benchmark
    public boolean atomicCas() {
        long seen = atomic.get();
        return atomic.compareAndSet(seen, seen + 1);
    }

    @TearDown
    public void close() {
        region.close();
    }
}
