package org.processmanager.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void run_refusesAnUnknownCommandByName() throws Exception {
        assertEquals(2, Bench.run(new String[] {"lunch"}, err));
        assertTrue(said().contains("there is no command 'lunch'"), said());
        assertTrue(said().contains("usage:"), said());
    }

    @Test
    void run_showsTheUsageWithoutArguments() throws Exception {
        assertEquals(2, Bench.run(new String[0], err));
        assertTrue(said().startsWith("usage:"), said());
    }

    @Test
    void list_findsTheBenchmarks() throws Exception {
        assertEquals(0, Bench.run(new String[] {"--list"}, err));
        var quiet = OutputFormatFactory.createFormatInstance(new PrintStream(bytes), VerboseMode.SILENT);
        var names = BenchmarkList.defaultList().getAll(quiet, java.util.List.of());
        assertTrue(
                names.stream().anyMatch(e -> e.getUsername().endsWith("LockBenchmark.reentrantLock")), names::toString);
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
