package org.processmanager.examples.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A variable in the environment of a program, which all that it starts inherit: so they are found again when neither
 * parent nor session tell whose they are. Who clears the environment is not found; nor is anybody where there is no
 * {@code /proc}.
 */
final class RunMark {
    static final String VARIABLE = "PM_RUN_ID";

    private static final Duration TERM_BOUND = Duration.ofSeconds(1);
    private static final Duration KILL_BOUND = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final String id = UUID.randomUUID().toString();

    String id() {
        return id;
    }

    /** Ends those that carry it, by TERM and then by KILL. */
    void endAll() {
        if (!end(ProcessHandle::destroy, TERM_BOUND)) {
            end(ProcessHandle::destroyForcibly, KILL_BOUND);
        }
    }

    /** Sends a signal to each, once, until none is left or the time is over; whether none is. */
    private boolean end(Consumer<ProcessHandle> signal, Duration bound) {
        long start = System.nanoTime();
        Set<ProcessHandle> done = new HashSet<>();
        while (true) {
            List<ProcessHandle> left = find();
            if (left.isEmpty()) {
                return true;
            }
            left.stream().filter(done::add).forEach(signal);
            if (System.nanoTime() - start > bound.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private List<ProcessHandle> find() {
        List<ProcessHandle> found = new ArrayList<>();
        String[] names = new File("/proc").list();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                // The handle first: it checks the start time when it signals, so that no later process is hit.
                Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(name));
                if (process.isPresent() && isMarked(name)) {
                    found.add(process.get());
                }
            }
        }
        return found;
    }

    private boolean isMarked(String pid) {
        try {
            String environment = Files.readString(Path.of("/proc", pid, "environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0" + VARIABLE + "=" + id + "\0");
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }
}
