package org.processmanager.examples.app.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.processmanager.core.monitor.Sample;
import org.processmanager.examples.app.cli.process.ProcessFilter;
import org.processmanager.examples.app.cli.process.SortKey;
import org.processmanager.examples.app.cli.terminal.Keys;
import org.processmanager.examples.app.cli.terminal.Line;
import org.processmanager.examples.app.cli.terminal.Style;

/** What a state looks like. */
class TopScreenTest {
    private final LoadHistory history = new LoadHistory();
    private TopState state = new TopState(SortKey.cpu, false, ProcessFilter.parse("", false), 80, 12);

    private void sample(Samples samples, String status) {
        Sample sample = samples.sample();
        history.add(sample);
        state = state.sampled(sample, 0.5, samples.exits(status));
    }

    private void press(String... keys) {
        for (String key : keys) {
            state = TopKeys.press(state, key);
        }
    }

    private String shown() {
        return TopScreen.lines(state, history).stream()
                .map(line -> line.text().stripTrailing())
                .collect(Collectors.joining("\n"))
                .replace(Long.toString(Samples.BASE).substring(0, 12), "");
    }

    private Style styleOf(String text) {
        return TopScreen.lines(state, history).stream()
                .filter(line -> line.text().contains(text))
                .findFirst()
                .map(Line::style)
                .orElseThrow();
    }

    @Test
    void list_hasBarsExitsAndHints() {
        sample(Samples.family(), "");
        sample(Samples.family().exited(9, "gone"), "exit code 3");
        press("j");
        String lines = shown();
        assertTrue(lines.matches("(?s)[0-9:]+  5 processes  76.0 %  by cpu\n.*"), lines);
        assertTrue(lines.contains("\n    PID USER       CPU%              MIB COMMAND\n"), lines);
        assertTrue(lines.contains("even       50.0       ▅▅    30.0 worker-a argument\n"), lines);
        assertTrue(lines.contains("exited              1.0 exit code 3: gone argument\n"), lines);
        assertTrue(lines.endsWith("i details  s stop  K kill"), lines);
        assertEquals(12, lines.lines().count());
        assertEquals(Style.SELECTED, styleOf("worker-a"));
        assertEquals(Style.PLAIN, styleOf("worker-b"));
        assertEquals(Style.DIM, styleOf("gone"));
        press("x");
        assertTrue(!shown().contains("gone"), shown());
    }

    @Test
    void prompts_haveTheLastLine() {
        sample(Samples.family(), "");
        press("/", "w", "o");
        assertTrue(shown().endsWith("\nfilter: wo_"), shown());
        assertTrue(shown().contains("by cpu  filter: wo\n"), shown());
        press(Keys.ESCAPE, "j", "K");
        assertTrue(shown().endsWith("(worker-a)? (y/n)"), shown());
        assertEquals(Style.QUESTION, styleOf("(y/n)"));
        press("n");
        assertTrue(shown().endsWith("\nnothing was done"), shown());
    }

    @Test
    void details_areBelowTheList() {
        sample(Samples.family(), "");
        press("j", "i");
        state = state.with(next -> next.details = List.of("title", "one", "two\033", "three", "four", "five", "six"));
        String lines = shown();
        assertTrue(lines.contains("\ntitle\none\ntwo?\nthree\nfour\nq quit"), lines); // 60 percent of nine lines
        assertEquals(12, lines.lines().count());
    }

    @Test
    void tree_showsWhatIsHidden() {
        sample(Samples.family(), "");
        press("t", "g", "j", "j", Keys.LEFT);
        assertTrue(shown().contains(" server argument\n") && shown().contains("   worker-a argument"), shown());
        assertTrue(shown().contains("   [+1] worker-b argument"), shown());
    }

    @Test
    void anySize_isFilledAndNeverExceeded() {
        Samples samples = new Samples().add(1, 0, "\u4e2d\ud83d\ude00".repeat(200), 5, 1);
        for (int i = 2; i < 100; i++) {
            samples.add(i, i - 1, "process-with-a-long-name-" + i, i, i);
        }
        sample(samples.exited(200, "x"), "signal KILL");
        press("t", "j", "j", "i");
        state = state.with(next -> next.details = List.of("a", "b", "c"));
        for (int columns : new int[] {0, 1, 7, 40, 59, 80, 120, 200, 500}) {
            for (int height : new int[] {0, 1, 2, 3, 4, 5, 10, 24, 50, 200}) {
                for (String key : new String[] {"", "?", "/", "s", "K", "S"}) {
                    TopState sized = state.with(next -> {
                        next.columns = columns;
                        next.lines = height;
                    });
                    sized = key.isEmpty() ? sized : TopKeys.press(sized, key);
                    List<Line> lines = TopScreen.lines(sized, history);
                    assertEquals(height, lines.size(), columns + " x " + height + " " + key);
                    assertTrue(
                            lines.stream()
                                    .allMatch(line -> line.text()
                                                    .codePointCount(
                                                            0, line.text().length())
                                            <= columns),
                            () -> columns + ": " + lines);
                }
            }
        }
    }

    @Test
    void help_scrollsOnASmallTerminal() {
        state = state.with(next -> next.lines = 24);
        press("?");
        TopKeys.HELP.forEach(line -> assertTrue(shown().contains("\n" + line), line));
        state = state.with(next -> next.lines = 6);
        assertTrue(shown().contains(TopKeys.HELP.get(0)) && !shown().contains(TopKeys.HELP.get(3)), shown());
        press("j");
        assertTrue(!shown().contains(TopKeys.HELP.get(0)) && shown().contains(TopKeys.HELP.get(3)), shown());
        for (int i = 0; i < 50; i++) {
            press("j");
        }
        assertTrue(shown().contains(TopKeys.HELP.get(TopKeys.HELP.size() - 1)), shown());
    }
}
