package org.processmanager.examples.app.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;

/**
 * The locale of the caller of {@code pm}.
 *
 * <p>The start script sets {@code C.UTF-8} for the JVM if the caller's locale is not UTF-8, because a JVM under POSIX turns
 * every character of an argument outside ASCII into U+FFFD. It then stores the original variables in {@value #VARIABLE}, one
 * line {@code NAME=value} for each that was set. Programs that are started for the caller get these.
 */
public final class CallerLocale {
    static final String VARIABLE = "PM_CALLER_LOCALE";

    private static final List<String> NAMES = List.of("LC_ALL", "LC_CTYPE", "LANG");

    private CallerLocale() {}

    /** Returns the command with the caller's locale. */
    public static Command giveTo(Command command) {
        return giveTo(command, System.getenv(VARIABLE));
    }

    static Command giveTo(Command command, @Nullable String saved) {
        if (saved == null) {
            return command;
        }
        Map<String, String> values = parse(saved);
        Command result = command.withoutEnv(VARIABLE);
        for (String name : NAMES) {
            String value = values.get(name);
            result = value == null ? result.withoutEnv(name) : result.env(name, value);
        }
        return result;
    }

    static Map<String, String> parse(String saved) {
        Map<String, String> values = new HashMap<>();
        for (String line : saved.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }
}
