package org.processmanager.examples.app.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Text in columns, each as wide as its widest cell. A row is cut at the width of the terminal, so that it is one line. A title
 * that begins with {@code >} makes a column of numbers, aligned to the right; with {@code +} before it, the column is shown
 * in a wide table alone.
 */
public final class Table {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] numeric;
    private final boolean[] onlyWide;

    public Table(String... titles) {
        numeric = new boolean[titles.length];
        onlyWide = new boolean[titles.length];
        String[] first = new String[titles.length];
        for (int i = 0; i < titles.length; i++) {
            onlyWide[i] = titles[i].startsWith("+");
            String title = onlyWide[i] ? titles[i].substring(1) : titles[i];
            numeric[i] = title.startsWith(">");
            first[i] = numeric[i] ? title.substring(1) : title;
        }
        rows.add(first);
    }

    public void row(String... cells) {
        if (cells.length != numeric.length) {
            throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + numeric.length + ")");
        }
        String[] row = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            row[i] = Printable.line(cells[i]);
        }
        rows.add(row);
    }

    /** Prints all rows, cut at a number of columns. */
    public void print(PrintStream out, int columns) {
        lines(columns).forEach(out::println);
    }

    /** Prints all rows with all their columns, in full. */
    public void printWide(PrintStream out) {
        lines(Integer.MAX_VALUE, true).forEach(out::println);
    }

    /** Returns all rows as lines, cut at a number of columns. */
    public List<String> lines(int columns) {
        return lines(columns, false);
    }

    private List<String> lines(int columns, boolean wide) {
        List<String> lines = new ArrayList<>();
        int[] widths = new int[numeric.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].codePointCount(0, row[i].length()));
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            String gap = "";
            for (int i = 0; i < row.length; i++) {
                if (onlyWide[i] && !wide) {
                    continue;
                }
                String padding = " ".repeat(widths[i] - row[i].codePointCount(0, row[i].length()));
                line.append(gap).append(numeric[i] ? padding + row[i] : row[i] + padding);
                gap = GAP;
            }
            lines.add(cut(line.toString(), columns).stripTrailing());
        }
        return lines;
    }

    private static String cut(String line, int columns) {
        return line.codePointCount(0, line.length()) <= columns
                ? line
                : line.substring(0, line.offsetByCodePoints(0, columns));
    }
}
