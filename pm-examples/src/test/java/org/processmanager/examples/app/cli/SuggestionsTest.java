package org.processmanager.examples.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Tmp;
import picocli.CommandLine;

class SuggestionsTest {
    private static final CommandLine MODEL = new App(Terminal.of(
                    InputStream.nullInputStream(),
                    new ByteArrayOutputStream(),
                    new PrintStream(new ByteArrayOutputStream())))
            .model();

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static final NamedProcesses NAMED = new NamedProcesses() {
        @Override
        public Map<String, ProcessIdentity> byName() {
            return Map.of();
        }

        @Override
        public Map<String, String> states() {
            return Map.of("web", "running");
        }
    };

    private static List<String> complete(String line, String prefix) {
        List<String> words = line.isEmpty() ? List.of() : Arrays.asList(line.split(" "));
        return new Suggestions(NAMED)
                .complete(MODEL, words, prefix).stream()
                        .map(Suggestions.Suggestion::text)
                        .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | channel",
                "--log x | channel",
                "channel | stat",
                "shm | rm",
                "help | channel",
                "stop | web",
                "logs | web",
                "run --user nobody | sh",
                "ps -o | jsonl",
                "ps --mine --sort | memory",
                "recv --wait | mapped:",
                "signal | TERM",
                "signal TERM | web",
                "start --restart | on-failure"
            })
    void place_hasItsKindOfWord(String line, String expected) {
        assertTrue(complete(line, "").contains(expected), () -> line + ": " + complete(line, ""));
    }

    @Test
    void dash_offersOptions() {
        assertTrue(complete("ps", "-").containsAll(List.of("--tree", "--output", "--log")));
        assertTrue(complete("run sleep", "-").stream().noneMatch(option -> option.startsWith("--")));
    }

    @Test
    void pid_isCompleted() {
        assertTrue(complete("info", "")
                .contains(Long.toString(ProcessHandle.current().pid())));
    }

    @Test
    void file_isCompletedWithItsDirectory() throws IOException {
        Path file = Files.createFile(tmp.path("file"));
        Files.createDirectory(tmp.path("filed"));
        String prefix = tmp.directory() + "/fi";
        assertEquals(List.of(file.toString(), file + "d/"), complete("script", prefix));
        assertEquals(List.of(file.toString(), file + "d/"), complete("run cat", prefix));
        Files.delete(tmp.path("filed"));
    }
}
