package org.processmanager.benchmarks.runner;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs programs of the system that the runner itself needs. */
public final class Tool {
    private static final int LINES_SHOWN = 12;
    private static final String MAVEN_ERROR = "[ERROR] ";

    private Tool() {}

    /** Finds a program on PATH. */
    public static Optional<Path> find(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Path need(String name) throws UnavailableException {
        return find(name).orElseThrow(() -> new UnavailableException(name + " is not on PATH"));
    }

    /** Runs a program until it exits and returns its output, with its errors. */
    static String run(List<String> command, Path directory) throws IOException, UnavailableException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new UnavailableException(command.get(0) + " failed: " + whatWentWrong(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(command.get(0) + " was interrupted");
        }
        return output;
    }

    /** Returns Maven's first error, since its other lines are advice; for other programs the last lines. */
    private static String whatWentWrong(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return lines.stream()
                .filter(line -> line.startsWith(MAVEN_ERROR))
                .findFirst()
                .map(line -> line.substring(MAVEN_ERROR.length()).replaceFirst(" -> \\[Help.*", ""))
                .orElseGet(
                        () -> String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size())));
    }
}
