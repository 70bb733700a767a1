package org.processmanager.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.processmanager.core.internal.manager.CommandChecks;

/**
 * Options of the JVM that {@link ProcessManager#java(Class, JavaOptions)} starts. An immutable value. Nothing is taken over
 * from this JVM: neither its heap size nor its debugger, nor what {@code JAVA_TOOL_OPTIONS}, {@code JDK_JAVA_OPTIONS} and
 * {@code _JAVA_OPTIONS} say.
 */
public final class JavaOptions {
    private static final JavaOptions NONE = new JavaOptions(List.of());

    /** Beginnings of options that change how a program runs, and not which. */
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
     * No options.
     *
     * @return the value to start from
     */
    public static JavaOptions none() {
        return NONE;
    }

    /**
     * A copy with more options.
     *
     * @param more as {@code -Xmx64m} or {@code --add-opens=java.base/java.lang=ALL-UNNAMED}, each with its value in one
     * @return the copy
     * @throws IllegalArgumentException if one is none that a JVM is told how to run by: a class path, say, or a class
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
     * A copy with a system property more.
     *
     * @param name its name
     * @param value its value
     * @return the copy
     * @throws IllegalArgumentException if the name is empty or holds {@code =}, or a NUL character stands anywhere
     */
    public JavaOptions property(String name, String value) {
        Objects.requireNonNull(name, "name");
        CommandChecks.key(name);
        return option("-D" + name + "=" + Objects.requireNonNull(value, "value"));
    }

    /**
     * The options.
     *
     * @return an unmodifiable list
     */
    public List<String> list() {
        return options;
    }

    /** The options in one line. */
    @Override
    public String toString() {
        return String.join(" ", options);
    }
}
