package org.processmanager.examples.app.cli.up;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Ready;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.supervise.Restart;

/**
 * One process of a file.
 *
 * @param name its name, unique in the file
 * @param position where the file has it
 * @param commandLine the program and its arguments
 * @param directory its working directory
 * @param environment variables in addition to those of pm
 * @param dependencies the names of those that are ready, or have completed, before it is started
 * @param ready how it is known that it is ready; null if it is as soon as it runs
 * @param readyTimeout the longest wait for that
 * @param restart when it is started again
 * @param stopPolicy how it is stopped
 */
record Service(
        String name,
        Position position,
        List<String> commandLine,
        Path directory,
        Map<String, String> environment,
        List<Dependency> dependencies,
        @Nullable Ready ready,
        Duration readyTimeout,
        Restart restart,
        StopPolicy stopPolicy) {
    /** The longest wait until a process is ready, unless the file has another. */
    static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

    /**
     * A place in a file.
     *
     * @param line from 1
     * @param column from 1
     */
    record Position(int line, int column) {}

    /**
     * A name that a process depends on.
     *
     * @param name the name
     * @param position where the file has it
     */
    record Dependency(String name, Position position) {}

    /** A file that is malformed, or contradicts itself. */
    static final class MistakeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int line;
        private final int column;

        MistakeException(Position position, String message) {
            super(message);
            line = position.line();
            column = position.column();
        }

        int line() {
            return line;
        }

        int column() {
            return column;
        }
    }

    /** Returns a process that a shell runs, with the default of everything else. */
    static Service ofShell(String name, Position position, String script, Path directory) {
        return new Service(
                name,
                position,
                List.of("/bin/sh", "-c", script),
                directory,
                Map.of(),
                List.of(),
                null,
                READY_TIMEOUT,
                Restart.never(),
                StopPolicy.defaults());
    }

    List<String> dependencyNames() {
        return dependencies.stream().map(Dependency::name).toList();
    }
}
