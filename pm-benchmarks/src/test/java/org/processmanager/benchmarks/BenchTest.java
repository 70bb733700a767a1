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

    @Test
    void noArguments_showUsage() {
        assertEquals(2, run());
        assertTrue(text(err).startsWith("Usage: pm bench"), text(err));
        assertEquals("", text(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "ring --help"})
    void help_showsUsage(String line) {
        assertEquals(0, run(line.split(" ")));
        assertTrue(text(out).startsWith("Usage: pm bench"), text(out));
        assertTrue(text(out).contains("table, json, html, markdown"), text(out));
        assertEquals("", text(err));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --quick                                  | missing SUITE; see --list
            lunch                                    | unknown suite 'lunch' (expected: spawn, capture
            spawn --case sequential                  | unknown case 'sequential' (expected: true-sequential
            spawn --case child                       | unknown case 'child' (expected: true-sequential
            spawn --candidate Ours                   | unknown candidate 'Ours' (expected: ours
            spawn --candidate agrona-one-to-one      | unknown candidate 'agrona-one-to-one' (expected: ours
            exit-latency --candidate oshi --case child | unknown candidate 'oshi' (expected: ours
            all --candidate c-ring --case child      | unknown candidate 'c-ring' (expected: ours
            spawn --case                             | Missing required parameter for option '--case' (CASE)
            spawn -o xml                             | Invalid value for option '-o': expected one of [TABLE
            spawn --quikc                            | Unknown option: '--quikc' (did you mean --quick
            trace                                    | Missing required parameter: 'CALL'
            trace lunch                              | Invalid value for positional parameter at index 0 (CALL)
            """)
    void wrongArguments_areRefusedInOneLine(String line, String expected) {
        assertEquals(2, run(line.split(" ")));
        assertTrue(text(err).startsWith("pm bench: " + expected), text(err));
        assertEquals(1, text(err).lines().count());
        assertEquals("", text(out));
    }

    @Test
    void list_namesSuitesCasesAndCandidates() {
        assertEquals(0, run("--list"));
        List<String> lines = text(out).lines().toList();
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("exit-latency: ")), text(out));
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.matches("  true-sequential +ours ours-portable processbuilder nuprocess"
                                + " zt-exec commons-exec c-posix-spawn")),
                text(out));
    }

    @Test
    void jmh_findsBenchmarks() {
        var quiet = OutputFormatFactory.createFormatInstance(new PrintStream(out), VerboseMode.SILENT);
        var names = BenchmarkList.defaultList().getAll(quiet, List.of());
        assertTrue(
                names.stream().anyMatch(each -> each.getUsername().endsWith("LockBenchmark.reentrantLock")),
                names::toString);
    }

    private int run(String... args) {
        return Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Suites.all(),
                args);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
