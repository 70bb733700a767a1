package org.processmanager.benchmarks.runner;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directories with the sources of peers and limits, and for what is built from them.
 *
 * @param benchmarks directory of the module
 * @param cache below {@code target}, so that a clean build deletes it
 */
public record Home(Path benchmarks, Path cache) {
    private static final String MODULE = "pm-benchmarks";

    /** Finds the project in the directory of the property {@code pm.home}, else in the working directory, or above. */
    public static Home find() {
        String property = System.getProperty("pm.home");
        Path root = Path.of(property == null ? "" : property).toAbsolutePath();
        for (Path directory = root; directory != null; directory = directory.getParent()) {
            if (Files.isDirectory(directory.resolve(MODULE).resolve("peers"))) {
                return new Home(
                        directory.resolve(MODULE), directory.resolve("target").resolve("bench"));
            }
        }
        throw new IllegalStateException(
                "cannot find the directory " + MODULE + " in or above " + root + "; run ./pm bench in the repository");
    }

    Path peers() {
        return benchmarks.resolve("peers");
    }

    Path c() {
        return benchmarks.resolve("src/main/c");
    }

    Path python() {
        return benchmarks.resolve("src/main/python");
    }
}
