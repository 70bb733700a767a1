package org.processmanager.examples.app.cli.terminal;

import java.util.List;

/**
 * Lines that stay at the top of the terminal while they change: only those that differ from before are written again. Not
 * thread-safe.
 */
public final class Screen {
    private static final String CLEAR_ALL = "\033[2J";
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    private final Terminal terminal;
    private final boolean inColor = Terminal.wantsStyles();
    private List<String> shown = List.of();
    private int rows = Integer.MAX_VALUE;
    private int columns = Integer.MAX_VALUE;
    private volatile boolean isResized = true;

    public Screen(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Follows changes of the size of the terminal; {@link #measure} notices them. */
    public void followSize() {
        terminal.onSignal("WINCH", () -> isResized = true);
    }

    /** Asks for the size of the terminal, if it has changed; all lines are written next time then. */
    public void measure() {
        if (isResized) {
            isResized = false;
            resize(terminal.columns(), terminal.rows());
        }
    }

    /** Sets the size; all lines are written next time. */
    public void resize(int newColumns, int newRows) {
        columns = newColumns;
        rows = newRows;
        shown = List.of();
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
     * @param lines not wider than the terminal
     */
    public void show(List<Line> lines) {
        List<String> now = lines.stream()
                .limit(rows)
                .map(line -> line.style().apply(line.text(), inColor))
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
