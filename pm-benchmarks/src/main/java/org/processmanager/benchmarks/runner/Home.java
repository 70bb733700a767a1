package org.processmanager.benchmarks.runner;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the sources of peers and limits are, and where what is made of them is kept.
 *
 * @param benchmarks the module's folder
 * @param cache      below {@code target}, so that a clean build forgets it
 */
public record Home(Path benchmarks, Path cache) {
    private static final String MODULE = "pm-benchmarks";

    /** Of the start script's property {@code pm.home}, else the current folder or one above it. */
    public static Home find() {
        String told = System.getProperty("pm.home");
        Path root = Path.of(told == null ? "" : told).toAbsolutePath();
        for (Path folder = root; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(MODULE).resolve("peers"))) {
                return new Home(folder.resolve(MODULE), folder.resolve("target").resolve("bench"));
            }
        }
        throw new IllegalStateException(
                "cannot find the folder " + MODULE + " in or above " + root + "; start ./pm bench in the repository");
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
