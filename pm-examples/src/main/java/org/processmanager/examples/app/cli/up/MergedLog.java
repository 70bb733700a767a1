package org.processmanager.examples.app.cli.up;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.processmanager.examples.app.cli.terminal.Printable;
import org.processmanager.examples.app.cli.terminal.Terminal;

/**
 * The output of several processes on one stream: whole lines, each with the name of its process, in a color of its own where
 * the stream shows colors. Thread-safe.
 */
final class MergedLog {
    /** Foreground colors; red is for errors of the programs themselves. */
    private static final List<String> COLORS = List.of("36", "33", "32", "35", "34", "96", "93", "92", "95", "94");

    private static final String RESET = "\033[0m";
    /** Colors that a program writes, which are safe; other control sequences are not. */
    private static final Pattern COLOR = Pattern.compile("\033\\[[0-9;]*m");

    private final Terminal terminal;
    private final boolean colored;
    private final Map<String, String> prefixes = new HashMap<>();

    MergedLog(Terminal terminal, List<String> names, boolean colored) {
        this.terminal = terminal;
        this.colored = colored;
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        for (String name : names) {
            String prefix = name + " ".repeat(width - name.length()) + " | ";
            String color = "\033[" + COLORS.get(prefixes.size() % COLORS.size()) + "m";
            prefixes.put(name, colored ? color + prefix : prefix);
        }
    }

    /** Writes a line of a process. */
    void output(String name, String line) {
        write(name, (colored ? RESET : "") + printable(line));
    }

    /** Writes a line about a process. */
    void event(String name, String text) {
        write(name, "[pm] " + Printable.line(text));
    }

    private synchronized void write(String name, String text) {
        terminal.out().println(prefixes.get(name) + text + (colored ? RESET : ""));
        terminal.out().flush();
    }

    private String printable(String line) {
        StringBuilder printable = new StringBuilder();
        Matcher color = COLOR.matcher(line);
        int start = 0;
        while (color.find()) {
            printable.append(Printable.text(line.substring(start, color.start())));
            printable.append(colored ? color.group() : "");
            start = color.end();
        }
        return printable.append(Printable.text(line.substring(start))).toString();
    }
}
