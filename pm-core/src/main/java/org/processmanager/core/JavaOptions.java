package org.processmanager.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.processmanager.core.internal.manager.CommandChecks;

/**
 * Options of the JVM that {@link ProcessManager#java(Class, JavaOptions)} starts. Immutable. No option of this JVM is
 * inherited: neither its heap size nor its debugger, nor what {@code JAVA_TOOL_OPTIONS}, {@code JDK_JAVA_OPTIONS} and
 * {@code _JAVA_OPTIONS} set.
 */
@CheckReturnValue
public final class JavaOptions {
    private static final JavaOptions NONE = new JavaOptions(List.of());

    /** Prefixes of options that change how a program runs, but not which one. */
    private static final List<String> ALLOWED = List.of(
            "-X",
            "-D",
            "-ea",
            "-enableassertions",
            "-da",
            "-disableassertions",
            "-esa",
            "-enablesystemassertions",
            "-dsa",
            "-disablesystemassertions",
            "-agentlib:",
            "-agentpath:",
            "-javaagent:",
            "-verbose",
            "--add-exports=",
            "--add-modules=",
            "--add-opens=",
            "--add-reads=",
            "--enable-native-access=",
            "--enable-preview",
            "--illegal-native-access=",
            "--limit-modules=",
            "--sun-misc-unsafe-memory-access=");

    private final List<String> options;

    private JavaOptions(List<String> options) {
        this.options = List.copyOf(options);
    }

    /**
     * Returns the value without options.
     *
     * @return the value to start from
     */
    public static JavaOptions none() {
        return NONE;
    }

    /**
     * Returns a copy with more options.
     *
     * @param more as {@code -Xmx64m} or {@code --add-opens=java.base/java.lang=ALL-UNNAMED}, each with its value in the same
     *     string
     * @return the copy
     * @throws IllegalArgumentException if an option is none of those that change how a program runs, for example one that
     *     selects what to run (class path, module, main class), or if there is a NUL character in one
     */
    public JavaOptions option(String... more) {
        List<String> joined = new ArrayList<>(options);
        for (String option : Objects.requireNonNull(more, "more")) {
            Objects.requireNonNull(option, "more");
            if (ALLOWED.stream().noneMatch(option::startsWith)) {
                throw new IllegalArgumentException(
                        "options: " + option + " (expected: beginning with one of " + ALLOWED + ")");
            }
            joined.add(CommandChecks.passable("options", option));
        }
        return new JavaOptions(joined);
    }

    /**
     * Returns a copy with one more system property.
     *
     * @param name its name
     * @param value its value
     * @return the copy
     * @throws IllegalArgumentException if the name is empty or contains {@code =}, or there is a NUL character in either
     */
    public JavaOptions property(String name, String value) {
        Objects.requireNonNull(name, "name");
        CommandChecks.key(name);
        return option("-D" + name + "=" + Objects.requireNonNull(value, "value"));
    }

    /**
     * Returns the options.
     *
     * @return an unmodifiable list
     */
    public List<String> list() {
        return options;
    }

    /** Returns the options on one line. */
    @Override
    public String toString() {
        return String.join(" ", options);
    }
}
