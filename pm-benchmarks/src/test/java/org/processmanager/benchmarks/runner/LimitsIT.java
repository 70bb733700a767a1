package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Suite;
import org.processmanager.benchmarks.suite.Suites;

/** Every limit in C, and Python's queue, compiles and verifies its work. Needs cc and python3. */
@Tag("ci")
class LimitsIT {
    private static final Path BENCHMARKS = Path.of(System.getProperty("pm.test.root"), "pm-benchmarks");

    @TempDir
    private static Path cache;

    private static Commands commands;

    @BeforeAll
    static void compileForks() throws IOException {
        commands = new Commands(new Home(BENCHMARKS, cache));
    }

    /** Returns every program once for each of its modes; cases that differ in sizes only count as one. */
    static Collection<Limit> limits() {
        Map<List<Object>, Limit> limits = new LinkedHashMap<>();
        for (Suite suite : Suites.all()) {
            for (Case each : suite.cases()) {
                for (Candidate candidate : each.candidates()) {
                    if (candidate instanceof Candidate.Runs runs && !(runs.program() instanceof Program.Java)) {
                        limits.putIfAbsent(key(each.params(), runs.program()), new Limit(each, runs));
                    }
                }
            }
        }
        return limits.values();
    }

    private static List<Object> key(Params params, Program program) {
        List<Object> key =
                new ArrayList<>(List.of(program.getClass(), program.params().toWords()));
        List<String> names = List.of("mode", "receivers");
        if (program instanceof Program.C c) {
            key.add(c.source());
            names = List.of("mode", "receivers", "senders", "batch", "threads");
        }
        names.forEach(name -> key.add(params.text(name, "")));
        return key;
    }

    @ParameterizedTest
    @MethodSource("limits")
    void limit_isVerified(Limit limit) throws Exception {
        Params params = limit.theCase.params().with("millis", 30, "idle-children", 2);
        if (params.has("processes")) {
            params = params.with("processes", 3, "rounds", 1);
        }
        Params small = params;
        try (Fork fork = Fork.start(
                scratch -> commands.command(limit.candidate.program(), List.of(), small.with("scratch", scratch)))) {
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
