package org.processmanager.benchmarks.runner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Program.Origin;
import org.processmanager.benchmarks.suite.Suite;
import org.processmanager.benchmarks.suite.Unit;

/** A comparison of trivial candidates whose forks write a log. */
abstract class TrivialComparison {
    @TempDir
    private Path directory;

    final ByteArrayOutputStream progress = new ByteArrayOutputStream();
    Comparison comparison;
    Path log;

    @BeforeEach
    void setUp() throws IOException {
        Path benchmarks = Path.of(System.getProperty("pm.test.root"), "pm-benchmarks");
        Commands commands = new Commands(new Home(benchmarks, directory.resolve("cache")));
        PrintWriter err = new PrintWriter(progress, true, StandardCharsets.UTF_8);
        comparison = new Comparison(commands, new Progress(err), new Extent(true, 2, 2));
        log = directory.resolve("log");
    }

    CaseReport run(Candidate... candidates) throws InterruptedException {
        Case theCase = theCase(candidates);
        return comparison.run(suite(theCase), theCase, any -> true);
    }

    static Suite suite(Case theCase) {
        return new Suite("trivial", "nothing", List.of(theCase));
    }

    Case theCase(Candidate... candidates) {
        return Case.of("case", "given, not measured", Unit.MICROSECONDS, Params.of("log", log), List.of(candidates))
                .flags("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"); // for a fast start
    }

    static Candidate trivial(String name, int measured, Object... more) {
        Params params = Params.of("name", name, "measured", measured).with(more);
        return Candidate.runs(name, new Program.Java(new Origin.Ours(), Trivial.class.getName(), params, List.of()));
    }

    /** Returns the directories of forks of this test; another build may run it at the same time. */
    List<Path> scratchDirectories() throws IOException {
        Path sharedMemory = Path.of("/dev/shm");
        if (!Files.isDirectory(sharedMemory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(sharedMemory)) {
            return files.filter(file -> {
                        try {
                            return Files.readString(file.resolve("marker")).equals(log.toString());
                        } catch (IOException e) {
                            return false; // no directory of a fork, or another build has just deleted it
                        }
                    })
                    .toList();
        }
    }
}
