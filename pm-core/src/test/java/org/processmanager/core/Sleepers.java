package org.processmanager.core;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code sleep} commands that a test finds again, whoever is their parent by then: the number of seconds carries a fraction
 * that no other test has.
 */
final class Sleepers {
    private static final AtomicInteger NEXT = new AtomicInteger();

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

    void endAll() {
        alive().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Empty for a zombie. */
    private static String commandLine(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
