package org.processmanager.benchmarks.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.core.Command;
import org.processmanager.sync.SharedMemory;

/** Runs in the fresh JVM of {@link FirstUse}: makes one call and exits. */
final class FirstUseProgram {
    private FirstUseProgram() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "process-builder" -> runProcessBuilder();
            case "run" -> Command.of("echo", "hi").run();
            case "mutex" -> acquireMutex();
            default -> {}
        }
        Done.mark();
    }

    /** Loaded after the call: marks its end in the log of loaded classes. */
    static final class Done {
        private Done() {}

        static void mark() {}
    }

    private static void runProcessBuilder() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("echo", "hi").start();
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        process.getErrorStream().readAllBytes();
        process.waitFor();
    }

    private static void acquireMutex() throws IOException, InterruptedException {
        // No temporary directory of the JDK, which would load SecureRandom.
        String name = "pm-first-use-" + ProcessHandle.current().pid();
        Path file = Path.of(System.getProperty("java.io.tmpdir"), name);
        try (SharedMemory memory = SharedMemory.create(file, SharedMemory.megabytes(1))) {
            memory.mutex("first").acquire().close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
