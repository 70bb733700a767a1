package org.processmanager.examples.app.cli.top;

import java.util.ArrayList;
import java.util.List;

/** A column of the list: its title, its width, and in how wide a terminal it is shown. */
enum Column {
    PID("PID", 7, true, 0),
    USER("USER", 8, false, 60),
    STATE("STATE", 9, false, 120),
    CPU("CPU%", 6, true, 0),
    CPU_BARS("", 8, true, 70),
    MEMORY("MIB", 7, true, 30),
    MEMORY_BARS("", 8, true, 100),
    TIME("TIME", 8, true, 110),
    THREADS("THR", 4, true, 130),
    COMMAND("COMMAND", 0, false, 0);

    final String title;
    private final int width;
    private final boolean numeric;
    private final int shownFrom;

    Column(String title, int width, boolean numeric, int shownFrom) {
        this.title = title;
        this.width = width;
        this.numeric = numeric;
        this.shownFrom = shownFrom;
    }

    static List<Column> shownIn(int columns) {
        List<Column> shown = new ArrayList<>();
        for (Column column : values()) {
            if (columns >= column.shownFrom) {
                shown.add(column);
            }
        }
        return shown;
    }

    /** Appends a cell of this width, which does not depend on the others, so that columns do not move. */
    void append(StringBuilder line, String cell) {
        if (line.length() > 0) {
            line.append(' ');
        }
        int missing = Math.max(0, width - cell.codePointCount(0, cell.length()));
        if (numeric) {
            line.append(" ".repeat(missing)).append(cell);
        } else {
            line.append(cell).append(" ".repeat(missing));
        }
    }
}
