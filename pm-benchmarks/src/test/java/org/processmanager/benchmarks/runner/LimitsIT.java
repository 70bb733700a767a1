package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Suites;

/** Every limit in C, and Python's queue, compiles and verifies its work. Needs cc and python3. */
class LimitsIT {
    private static final Path BENCHMARKS = Path.of(System.getProperty("pm.test.root"), "pm-benchmarks");

    @TempDir
    private static Path cache;

    /** Returns every program with its parameters; the case with much memory differs from another one only in that. */
    static Stream<Limit> limits() {
        return Suites.all().stream()
                .flatMap(suite -> suite.cases().stream())
                .filter(each -> !each.name().equals("true-4g-heap"))
                .flatMap(each -> each.candidates().stream()
                        .filter(Candidate.Runs.class::isInstance)
                        .map(candidate -> new Limit(each, (Candidate.Runs) candidate)))
                .filter(limit -> !(limit.candidate.program() instanceof Program.Java));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void limit_isVerified(Limit limit) throws Exception {
        Commands commands = new Commands(new Home(BENCHMARKS, cache));
        Params params = limit.theCase.params().with("millis", 50, "idle-children", 2);
        if (params.has("processes")) {
            params = params.with("processes", 3, "rounds", 1);
        }
        Params quick = params;
        try (Fork fork = Fork.start(scratch ->
                commands.command(limit.candidate.program(), limit.theCase.flags(), quick.with("scratch", scratch)))) {
            ForkOutcome outcome = fork.await(Duration.ofSeconds(60));
            assertEquals("", outcome.failure());
            assertFalse(outcome.results().isEmpty());
        }
    }

    /** A test case with a name for the report. */
    record Limit(Case theCase, Candidate.Runs candidate) {
        @Override
        public String toString() {
            return candidate.name() + " in " + theCase.name();
        }
    }
}
