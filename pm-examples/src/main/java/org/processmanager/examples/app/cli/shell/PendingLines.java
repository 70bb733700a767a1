package org.processmanager.examples.app.cli.shell;

import java.util.ArrayList;
import java.util.List;

/** Lines to show later. Thread-safe. */
final class PendingLines {
    private final List<String> lines = new ArrayList<>();

    synchronized void add(String line) {
        lines.add(line);
    }

    /** Returns the lines, and forgets them. */
    synchronized List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }
}
