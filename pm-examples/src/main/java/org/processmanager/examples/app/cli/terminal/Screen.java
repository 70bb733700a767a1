package org.processmanager.examples.app.cli.terminal;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Lines that stay at the top of the terminal while they change: only those that differ from before are written again. Not
 * thread-safe.
 */
public final class Screen {
    private static final String CLEAR_ALL = "\033[2J";
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    private static final String DIM = "\033[2m";
    private static final String NORMAL = "\033[0m";

    private final Terminal terminal;
    private final boolean styled = Terminal.wantsStyles();
    private List<String> shown = List.of();
    private int rows;
    private int columns;
    private volatile boolean isResized = true;

    public Screen(Terminal terminal) {
        this.terminal = terminal;
        terminal.onSignal("WINCH", () -> isResized = true);
    }

    /** Asks for the size of the terminal, if it has changed; all lines are written next time then. */
    public void measure() {
        if (isResized) {
            isResized = false;
            rows = terminal.rows();
            columns = terminal.columns();
            shown = List.of();
        }
    }

    public int columns() {
        return columns;
    }

    /** Returns how many lines fit. */
    public int rows() {
        return rows;
    }

    /**
     * Shows lines instead of those before.
     *
     * @param lines without control characters, and not wider than the terminal
     * @param dimmed the indexes of lines that are less important
     */
    public void show(List<String> lines, Set<Integer> dimmed) {
        List<String> now = IntStream.range(0, Math.min(lines.size(), rows))
                .mapToObj(i -> dimmed.contains(i) && styled ? DIM + lines.get(i) + NORMAL : lines.get(i))
                .toList();
        StringBuilder changes = new StringBuilder(shown.isEmpty() ? CLEAR_ALL : "");
        for (int i = 0; i < now.size(); i++) {
            if (i >= shown.size() || !now.get(i).equals(shown.get(i))) {
                changes.append(toLine(i)).append(now.get(i)).append(CLEAR_TO_END_OF_LINE);
            }
        }
        if (now.size() < shown.size()) {
            changes.append(toLine(now.size())).append(CLEAR_BELOW);
        }
        if (changes.length() > 0 && now.size() < rows) {
            changes.append(toLine(now.size())); // where other output would begin
        }
        terminal.out().print(changes);
        terminal.flush();
        shown = now;
    }

    private static String toLine(int index) {
        return "\033[" + (index + 1) + ";1H";
    }
}
