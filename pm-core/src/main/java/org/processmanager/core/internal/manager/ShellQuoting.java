package org.processmanager.core.internal.manager;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats command lines and output of programs for messages, logs and terminals. */
public final class ShellQuoting {
    private static final Pattern PLAIN = Pattern.compile("[\\p{IsAlphabetic}\\p{IsDigit}%+,./:=@_^-]+");

    private ShellQuoting() {}

    /** Returns a command line in the syntax of a shell, so that it shows the bounds of arguments and can be run again. */
    public static String commandLine(List<String> words) {
        return words.stream().map(ShellQuoting::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + line(word.replace("'", "'\\''")) + "'";
    }

    /** Returns text with control characters escaped, which could clear a terminal or forge a line of a log. */
    public static String line(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                shown.append("\\n");
            } else if (c == '\r') {
                shown.append("\\r");
            } else if (Character.isISOControl(c) && c != '\t') {
                shown.append(String.format("\\x%02x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }
}
