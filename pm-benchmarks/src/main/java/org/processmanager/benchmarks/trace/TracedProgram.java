package org.processmanager.benchmarks.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.core.Command;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/** Runs in the traced JVM: makes a few calls to load every class, then each traced call between {@link #begin()} and {@link #end()}. */
final class TracedProgram {
    static final String BEGIN = "begin";
    static final String END = "end";
    private static final int TRACED = 5;
    private static final int WARM_UP = 20;
    private static final int WARM_UP_DEATHS = 2;
    private static final String HOLDING = "holding";

    private TracedProgram() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "launch" -> launch();
            case "mutex" -> acquireFromDeadOwner();
            case "hold" -> hold(Path.of(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Starts a trace; the tracer waits for the entry of this method. */
    static void begin() {}

    /** Ends a trace. */
    static void end() {}

    private static void launch() throws InterruptedException {
        for (int i = 0; i < WARM_UP + TRACED; i++) {
            if (i >= WARM_UP) {
                begin();
            }
            Command.of("echo", "hi").run();
            end();
        }
    }

    private static void acquireFromDeadOwner() throws Exception {
        Path directory = Files.createTempDirectory("pm-trace");
        Path file = directory.resolve("region");
        try (SharedMemory memory = open(file)) {
            SharedMutex mutex = memory.mutex("traced");
            for (int i = 0; i < WARM_UP_DEATHS + TRACED; i++) {
                killOwner(file);
                if (i >= WARM_UP_DEATHS) {
                    begin();
                }
                Hold hold = mutex.acquire();
                end();
                if (!hold.previousOwnerDied()) {
                    throw new IllegalStateException("the mutex was acquired, but its owner was not reported dead");
                }
                hold.markConsistent();
                hold.close();
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    private static void killOwner(Path file) throws IOException, InterruptedException {
        String java = ProcessHandle.current().info().command().orElse("java");
        Process owner = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        TracedProgram.class.getName(),
                        "hold",
                        file.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        try (BufferedReader lines = owner.inputReader(StandardCharsets.UTF_8)) {
            if (!HOLDING.equals(lines.readLine())) {
                throw new IllegalStateException("the owner ended before it acquired the mutex");
            }
        } finally {
            owner.destroyForcibly().waitFor();
        }
    }

    private static void hold(Path file) throws IOException, InterruptedException {
        try (SharedMemory memory = open(file);
                Hold hold = memory.mutex("traced").acquire()) {
            System.out.println(HOLDING);
            System.in.read(); // until killed, or until the parent exits
        }
    }

    private static SharedMemory open(Path file) {
        return SharedMemory.openOrCreate(file, SharedMemory.megabytes(1));
    }
}
