package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Project;
import org.processmanager.fixtures.Tmp;

/** The commands of {@code docs/guide.md} print what the page shows. */
@Tag("ci")
class GuideIT {
    private static final Pattern BLOCK =
            Pattern.compile("^```console\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern FILE =
            Pattern.compile("^```\\w+\\n# (\\S+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String PROMPT = "$ ./pm ";
    private static final String CHANNEL = "mapped:guide";
    private static final String TEXT = "CHANGELOG.md";
    private static final String ANYTHING = "...";
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?( (ms|s)\\b)?");

    private final Map<String, Path> files = new HashMap<>();

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void commands_printWhatTheGuideShows() throws IOException {
        List<String> wrong = new ArrayList<>();
        int commands = 0;
        String page = Project.read(Project.root().resolve("docs/guide.md"));
        files.put(TEXT, Project.root().resolve(TEXT));
        for (MatchResult file : FILE.matcher(page).results().toList()) {
            files.put(file.group(1), Files.writeString(tmp.path(file.group(1)), named(file.group(2))));
        }
        for (String block :
                BLOCK.matcher(page).results().map(found -> found.group(1)).toList()) {
            for (String part : block.split("(?m)^(?=\\$ )")) {
                String command = part.lines().findFirst().orElseThrow();
                assertTrue(command.startsWith(PROMPT), command);
                String shown = part.substring(part.indexOf('\n') + 1);
                String said = run(command.substring(PROMPT.length()));
                if (!matches(shown, said)) {
                    wrong.add(command + "\n" + said);
                }
                commands++;
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(commands > 5, () -> "the guide has few commands");
    }

    @Test
    void matches_ignoresNumbersAndColumns() {
        assertTrue(matches("a  12 ms\n...\nend\n", "a 3.5 s\nx\ny\nend\n"));
        assertTrue(!matches("a 12 ms\n", "b 12 ms\n"));
        assertTrue(!matches("a\n", "a\nb\n"));
    }

    private String run(String command) {
        List<String> arguments =
                new ArrayList<>(List.of("--registry", tmp.path("registry").toString()));
        for (String word : command.split(" ")) {
            Path file = files.get(word);
            arguments.add(file != null ? file.toString() : named(word));
        }
        PmApp.Outcome outcome = PmApp.pm(arguments.toArray(String[]::new));
        return outcome.out() + outcome.err();
    }

    /** Names of channels are one for all programs of a user. */
    private String named(String text) {
        return text.replace(CHANNEL, "mapped:" + tmp.name("guide"));
    }

    /** Whether a text is the one that is shown, whatever its numbers, its durations and the widths of its columns are. */
    private static boolean matches(String shown, String said) {
        String pattern = Arrays.stream(normal(shown).split(Pattern.quote(ANYTHING), -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("(?s:.*)"));
        return Pattern.matches(pattern, normal(said));
    }

    private static String normal(String text) {
        return text.lines()
                .map(line -> NUMBER.matcher(line)
                                .replaceAll("#")
                                .replaceAll(" +", " ")
                                .strip() + "\n")
                .collect(Collectors.joining());
    }
}
