package org.processmanager.core;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.processmanager.core.internal.posix.PathText;

/**
 * How it is known that a program has finished its start and can be used: a value for {@link Command#ready}. Immutable.
 *
 * <pre>{@code
 * ManagedProcess server = pm.command("python3", "-m", "http.server", "8000")
 *         .ready(Ready.port(8000), Duration.ofSeconds(10))
 *         .startReady();
 * }</pre>
 */
public final class Ready {
    private static final int HIGHEST_PORT = 65_535;

    sealed interface Condition permits Line, Port, FileExists, Descriptor, Probed {
        /** Returns what is awaited, as in "it is ready when there is ...". */
        String text();
    }

    record Line(Pattern pattern) implements Condition {
        @Override
        public String text() {
            return "a line of its output that matches " + pattern;
        }
    }

    record Port(int number) implements Condition {
        @Override
        public String text() {
            return "a socket that listens on port " + number;
        }
    }

    record FileExists(Path file) implements Condition {
        @Override
        public String text() {
            return "the file " + PathText.printable(file.toString());
        }
    }

    record Descriptor() implements Condition {
        @Override
        public String text() {
            return "a newline on the descriptor that PM_RESOURCE_READY names";
        }
    }

    record Probed(String what, Probe probe) implements Condition {
        @Override
        public String text() {
            return what;
        }
    }

    private final Condition condition;

    private Ready(Condition condition) {
        this.condition = condition;
    }

    Condition condition() {
        return condition;
    }

    /**
     * Returns the condition that the process has written a line that matches, as by {@link ManagedProcess#awaitLine}. A stream
     * that this JVM reads and of which nothing is kept then also keeps its last 64 KiB.
     *
     * @param pattern found anywhere in a line of standard output or standard error
     * @return the condition
     */
    public static Ready line(Pattern pattern) {
        return new Ready(new Line(Objects.requireNonNull(pattern, "pattern")));
    }

    /**
     * Returns the condition that the process has written a line that matches: see {@link #line(Pattern)}.
     *
     * @param regex a regular expression, found anywhere in a line
     * @return the condition
     * @throws java.util.regex.PatternSyntaxException if it is malformed
     */
    public static Ready line(String regex) {
        return line(Pattern.compile(Objects.requireNonNull(regex, "regex")));
    }

    /**
     * Returns the condition that the process or a descendant listens on a TCP port. Another process that listens on it does not
     * count where {@code /proc} tells them apart; elsewhere, and where the descriptors of the process are not visible, it is
     * ready when any process does.
     *
     * @param port 1 to 65535
     * @return the condition
     * @throws IllegalArgumentException if it is out of range
     */
    public static Ready port(int port) {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to " + HIGHEST_PORT + ")");
        }
        return new Ready(new Port(port));
    }

    /**
     * Returns the condition that a file exists. One that exists before the start counts: delete it first.
     *
     * @param file its name; a relative one is relative to the JVM's working directory
     * @return the condition
     */
    public static Ready file(Path file) {
        return new Ready(new FileExists(PathText.check("file", file).toAbsolutePath()));
    }

    /**
     * Returns the condition that the process has written a newline to a descriptor that it inherits, announced by the
     * environment variable {@code PM_RESOURCE_READY} as {@code fd:N}: see {@link Inheritable}. The program closes it
     * afterwards. The portable path refuses to start it.
     *
     * @return the condition
     */
    public static Ready fd() {
        return new Ready(new Descriptor());
    }

    /**
     * Returns the condition that a check succeeds, which is repeated until then, with pauses of up to 50 ms.
     *
     * @param what what is awaited, for messages, for example {@code "a reply to GET /health"}
     * @param probe the check
     * @return the condition
     */
    public static Ready probe(String what, Probe probe) {
        return new Ready(new Probed(Objects.requireNonNull(what, "what"), Objects.requireNonNull(probe, "probe")));
    }

    /** Returns what is awaited. */
    @Override
    public String toString() {
        return condition.text();
    }
}
