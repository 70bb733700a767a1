package org.processmanager.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.processmanager.benchmarks.suite.Suites;

class BenchTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Bench bench = new Bench(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Suites.all());

    @Test
    void run_showsTheUsageWithoutArguments() throws Exception {
        assertEquals(2, bench.run());
        assertTrue(text(err).startsWith("usage:"), text(err));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "ring --help"})
    void run_showsTheUsageWhenAsked(String line) throws Exception {
        assertEquals(0, bench.run(line.split(" ")));
        assertTrue(text(out).startsWith("usage:"), text(out));
        assertEquals("", text(err));
    }

    @ParameterizedTest
    @CsvSource({
        "lunch, there is no suite 'lunch' (expected: spawn",
        "spwan, there is no suite 'spwan' (did you mean 'spawn'? expected: spawn",
        "spawn --case sequential, --case sequential is unknown (did you mean 'true-sequential'? expected: true-sequential",
        "spawn --candidate Our, --candidate Our is unknown (did you mean 'ours'? expected: ours",
        "exit-latency --candidate oshi --case child, --candidate oshi is unknown (expected: ours",
        "all --candidate c-ring --case child, --candidate c-ring is unknown (expected: ours",
        "spawn --case lunch, --case lunch is unknown (expected: true-sequential",
        "spawn --candidate agrona-one-to-one, --candidate agrona-one-to-one is unknown (expected: ours",
        "spawn --case, --case needs a value (expected: true-sequential",
        "spawn -o xml, '-o xml is unknown (expected: table, json, html, markdown)'",
        "spawn --save, --save needs a value (expected: a folder)",
        "spawn --slow, there is no option '--slow' (expected: --case",
        "spawn --quikc, there is no option '--quikc' (did you mean '--quick'?"
    })
    void run_refusesWhatItDoesNotKnowInOneLine(String line, String expected) throws Exception {
        assertEquals(2, bench.run(line.split(" ")));
        assertTrue(text(err).startsWith("pm bench: " + expected), text(err));
        assertEquals(1, text(err).lines().count());
        assertEquals("", text(out));
    }

    @Test
    void list_namesSuitesCasesAndCandidates() throws Exception {
        assertEquals(0, bench.run("--list"));
        List<String> lines = text(out).lines().toList();
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("exit-latency: ")), text(out));
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.matches("  true-sequential +ours ours-portable processbuilder nuprocess"
                                + " zt-exec commons-exec c-posix-spawn")),
                text(out));
    }

    @Test
    void jmh_findsTheBenchmarks() {
        var quiet = OutputFormatFactory.createFormatInstance(new PrintStream(out), VerboseMode.SILENT);
        var names = BenchmarkList.defaultList().getAll(quiet, List.of());
        assertTrue(
                names.stream().anyMatch(each -> each.getUsername().endsWith("LockBenchmark.reentrantLock")),
                names::toString);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
