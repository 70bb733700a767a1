package org.processmanager.examples.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.examples.app.cli.channel.PmRun;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Scenario;

/** One page of exit codes, the same for all commands. */
class ExitCodeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | ps",
                "0 | ps --name no-process-has-this-name",
                "0 | shm ls -o csv",
                "0 | run -- true",
                "1 | run -- false",
                "124 | run --timeout 100ms -- sleep 60",
                "126 | run -- /etc/passwd",
                "127 | run -- /no/such/program",
                "137 | run -- sh -c kill${IFS}-9${IFS}$$",
                "3 | info 99999999999999999999",
                "3 | stop 0",
                "3 | kill no-such-name-of-a-program",
                "3 | signal TERM no-such-name-of-a-program",
                "3 | logs no-such-name",
                "3 | wait no-such-name",
                "3 | restart no-such-name",
                "3 | rm no-such-name",
                "3 | locks no-such-region",
                "3 | shm rm --stale no-such-region",
                "3 | recv mapped:no-such-channel",
                "3 | recv fifo:no-such-channel",
                "3 | channel stat mapped:no-such-channel",
                "3 | channel stat unix:no-such-channel",
                "3 | channel dump mapped:no-such-channel",
                "3 | channel gc fifo:no-such-channel",
                "2 | locks /etc/passwd",
                "2 | channel stat mapped:/etc/passwd",
                "2 | recv mapped:/etc/passwd"
            })
    void command_hasTheCodeOfThePage(int expected, String line) {
        PmRun run = PmRun.pm(line.split(" "));
        run.assertExit(expected);
        boolean complains = expected != 0 && expected != 1 && expected < 128;
        assertEquals(complains ? 1 : 0, run.err().lines().count(), run.err());
        assertTrue(expected == 0 || run.out().isEmpty(), run.out());
    }

    @Test
    void similarName_isOffered() throws IOException {
        Path directory = Files.createTempDirectory("pm-codes-");
        Path fifo = directory.resolve("jobs");
        try {
            assertEquals(0, PmRun.pm("run", "--", "mkfifo", fifo.toString()).exit());
            String err = PmRun.pm("channel", "stat", "fifo:" + directory + "/jbos")
                    .assertExit(3)
                    .err();
            assertTrue(err.contains("did you mean: fifo:" + fifo + "?"), err);
        } finally {
            Files.deleteIfExists(fifo);
            Files.delete(directory);
        }
    }

    /** As {@code pm ps | head -1}: the reader has left when the answer is written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ps",
                "ps -o wide",
                "ps -o jsonl",
                "ps -o csv",
                "ps --watch 100ms",
                "top",
                "info 1",
                "shm ls",
                "channel ls",
                "events --log /dev/null",
                "report --log /dev/null",
                "help",
                "completion"
            })
    @Scenario("public-app/5")
    void pipeThatClosesEarly_endsQuietly(String line) throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Pipe pipe = Pipe.open();
        pipe.source().close();
        try (OutputStream out = Channels.newOutputStream(pipe.sink())) {
            Terminal terminal =
                    Terminal.of(InputStream.nullInputStream(), out, new PrintStream(err, true, StandardCharsets.UTF_8));
            assertEquals(0, App.run(terminal, line.split(" ")));
        }
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void page_isInTheHelp() {
        String help = String.join(" ", PmRun.pm("--help").lines()).replaceAll("\\s+", " ");
        assertTrue(help.contains(ExitCode.ALL), help);
        Stream.of(ExitCode.TIMED_OUT, ExitCode.RUN_FAILED, ExitCode.NOT_EXECUTABLE, ExitCode.NOT_FOUND)
                .forEach(code -> assertTrue(ExitCode.ALL.contains(code + " "), ExitCode.ALL));
    }
}
