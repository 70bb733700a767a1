package org.processmanager.core;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code sleep} commands that a test finds again, whatever their parent is by then: the number of seconds carries a fraction
 * that no other test has.
 */
final class Sleepers {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final long EXECUTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String fraction = "%08d%05d".formatted(ProcessHandle.current().pid(), NEXT.incrementAndGet());

    /** A command that sleeps so many seconds. */
    String sleep(int seconds) {
        return "sleep " + argument(seconds);
    }

    /** The argument alone. */
    String argument(int seconds) {
        return seconds + "." + fraction;
    }

    /** Those that live, zombies not counted. */
    List<Long> alive() {
        List<Long> found = new ArrayList<>();
        for (String name : new File("/proc").list()) {
            if (Character.isDigit(name.charAt(0)) && commandLine(name).contains("." + fraction)) {
                found.add(Long.parseLong(name));
            }
        }
        // A shell that was given the script has the number in its arguments too, which is as wanted.
        return found;
    }

    /** Those that have become {@code sleep}, and are no longer shells. */
    List<Long> asleep() {
        return alive().stream()
                .filter(pid -> commandLine(Long.toString(pid)).startsWith("sleep\0"))
                .toList();
    }

    void endAll() {
        alive().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Empty for a zombie. What executes a program has none for a moment, either, but is asked again until it has. */
    private static String commandLine(String pid) {
        Path directory = Path.of("/proc", pid);
        long start = System.nanoTime();
        try {
            String line;
            do {
                line = Files.readString(directory.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            } while (line.isEmpty() && hasMemory(directory) && System.nanoTime() - start < EXECUTING_NANOS);
            return line;
        } catch (IOException e) {
            return "";
        }
    }

    /** Not so for zombies, and for threads of the kernel. */
    private static boolean hasMemory(Path directory) {
        try {
            Files.readSymbolicLink(directory.resolve("exe"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
