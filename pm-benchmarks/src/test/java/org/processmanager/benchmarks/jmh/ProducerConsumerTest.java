package org.processmanager.benchmarks.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the groups of {@link ProducerConsumerBenchmark} that use a channel, and two cases between processes, for a moment. */
class ProducerConsumerTest {
    @Test
    void eachGroupOfAChannel_runs() throws Exception {
        Collection<RunResult> results = run(ProducerConsumerBenchmark.class, "lane|queue");
        assertEquals(
                Set.of("laneOneToOne", "laneBatchesOneToOne", "lanesThreeToOne", "queueTwoToTwo"),
                results.stream()
                        .map(result -> result.getPrimaryResult().getLabel())
                        .collect(Collectors.toSet()));
        for (RunResult result : results) {
            assertTrue(result.getPrimaryResult().getScore() > 0, result::toString);
            assertTrue(result.getSecondaryResults().containsKey("received"), result::toString);
        }
    }

    @Test
    void betweenProcesses_runs() throws Exception {
        Collection<RunResult> results = run(ProcessesBenchmark.class, "lanesThreeToOne|bufferOneToOne");
        assertEquals(2, results.size());
        for (RunResult result : results) {
            assertTrue(result.getPrimaryResult().getScore() > 0, result::toString);
        }
    }

    private static Collection<RunResult> run(Class<?> benchmark, String cases) throws Exception {
        return new Runner(new OptionsBuilder()
                        .include(benchmark.getName() + "\\.(" + cases + ")")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run();
    }
}
