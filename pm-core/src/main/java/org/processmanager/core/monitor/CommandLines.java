package org.processmanager.core.monitor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Command lines, in which the program and each argument end with a zero byte. */
final class CommandLines {
    /** Options of {@code java} whose value is the next argument. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--limit-modules",
            "--add-exports",
            "--add-opens",
            "--add-reads",
            "--patch-module",
            "--enable-native-access",
            "--source");

    private static final Set<String> BEFORE_MODULE = Set.of("-m", "--module");

    private CommandLines() {}

    /** Returns the command line with spaces between program and arguments. */
    static String text(String arguments) {
        String text = arguments.replace('\0', ' ');
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == ' ') {
            to--;
        }
        return text.substring(from, to);
    }

    /** Returns main class, jar file or module and class; empty if the program is not {@code java}, or none is named. */
    static Optional<String> mainClass(String arguments) {
        if (!isJava(arguments)) {
            return Optional.empty();
        }
        List<String> words = Arrays.asList(arguments.split("\0"));
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-jar") || BEFORE_MODULE.contains(word)) {
                return i + 1 < words.size() ? Optional.of(words.get(i + 1)) : Optional.empty();
            } else if (word.startsWith("--module=")) {
                return Optional.of(word.substring("--module=".length()));
            } else if (WITH_VALUE.contains(word)) {
                i++;
            } else if (!word.startsWith("-") && !word.startsWith("@") && !word.isEmpty()) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }

    /** Returns whether the file name of the program is {@code java}. */
    private static boolean isJava(String arguments) {
        int end = arguments.indexOf('\0');
        String program = end < 0 ? arguments : arguments.substring(0, end);
        return program.equals("java") || program.endsWith("/java");
    }
}
