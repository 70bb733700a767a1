package org.processmanager.examples.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.cli.channel.PmRun.pm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.examples.app.cli.help.HelpExamples;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.menu.Words;
import org.processmanager.fixtures.Tmp;
import picocli.CommandLine;

/** What is made from the model of all commands: examples, completion, the manual. */
class HelpPagesTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static CommandLine model() {
        return new App(Terminal.of(
                        InputStream.nullInputStream(),
                        new ByteArrayOutputStream(),
                        new PrintStream(new ByteArrayOutputStream())))
                .model();
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpPagesTest::all));
    }

    @Test
    void everyCommand_hasExamplesThatParse() {
        CommandLine root = model();
        CommandLine parser = model().setCaseInsensitiveEnumValuesAllowed(true);
        all(root).forEach(command -> {
            String name = command.getCommandSpec().qualifiedName();
            List<String> examples = HelpExamples.of(command);
            assertFalse(examples.isEmpty(), () -> name + " has no example in HelpExamples");
            String help = command.getUsageMessage();
            for (String example : examples) {
                assertTrue(help.contains("Examples:") && help.contains("\n  " + example), help);
                assertTrue(example.startsWith(name), example);
                List<String> words = Words.ofScriptLine(example);
                CommandLine.ParseResult parsed =
                        parser.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
                assertTrue(parsed.errors().isEmpty(), example);
            }
        });
    }

    @Test
    void completion_isAScriptOfEachShell() throws IOException {
        for (String shell : List.of("bash", "zsh")) {
            Path script = Files.writeString(
                    tmp.path(shell), pm("completion", shell).assertExit(0).out());
            pm("run", "--", "bash", "-n", script.toString()).assertExit(0);
        }
        String fish = pm("completion", "fish").assertExit(0).out();
        assertTrue(fish.contains("complete -c pm -n '__fish_use_subcommand' -a run -d 'Runs a program"), fish);
        assertTrue(fish.contains("-n '__fish_seen_subcommand_from ps' -s o -l output -x -a 'table wide"), fish);
        assertTrue(
                fish.contains("-n '__fish_seen_subcommand_from shm; and not __fish_seen_subcommand_from ls rm' -a ls"),
                fish);
        assertFalse(fish.contains("${"), fish);
        fish.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            assertTrue(line.startsWith("complete -c pm "), line);
            assertEquals(
                    0, line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2, line);
        });
        pm("completion", "tcsh").assertExit(2);
    }

    @Test
    void manual_hasEveryCommandAndOption() {
        String page = pm("man").assertExit(0).out();
        String text = page.replace("\\-", "-").replace("\\e", "\\");
        all(model()).forEach(command -> {
            String name = command.getCommandSpec().qualifiedName();
            assertTrue(name.equals("pm") || text.contains("\n.SS " + name + "\n"), name);
            command.getCommandSpec().options().forEach(option -> assertTrue(text.contains(option.longestName()), name));
        });
        assertTrue(text.contains(ExitCode.ALL) && text.startsWith(".TH PM 1"), text);
        assertFalse(text.contains("${") || text.contains("%%"), text);
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        assertTrue(bytes.length > 10_000, () -> bytes.length + " bytes");
    }
}
