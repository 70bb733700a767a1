package org.processmanager.examples.app.cli;

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
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;

/**
 * A variable in the environment of a program, which its descendants inherit. It finds them when neither parent nor session
 * identify them. A process that clears its environment is not found, nor is any without {@code /proc}.
 */
final class RunMark {
    static final String VARIABLE = "PM_RUN_ID";

    private static final List<StopPolicy.Step> STEPS = List.of(
            StopPolicy.Step.signal(Signal.TERM, Duration.ofSeconds(1)),
            StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(2)));
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final int MOST_LOOKS = 5;

    private final String id = ProcessHandle.current().pid() + "-" + System.currentTimeMillis();

    String id() {
        return id;
    }

    /**
     * Ends the processes with the mark; empty if there were none.
     *
     * @param policy its signals are sent, or TERM and then KILL if it is null
     * @param spared pids that get no signal
     */
    Optional<StopReport> endAll(@Nullable StopPolicy policy, Set<Long> spared) {
        long start = System.nanoTime();
        Set<Long> signalled = new TreeSet<>();
        List<ProcessHandle> left = find(spared);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        StopPolicy.Step effectiveStep = null;
        for (StopPolicy.Step step : policy == null ? STEPS : policy.steps()) {
            Signal signal = step.signal().orElse(null);
            if (signal != null && !left.isEmpty()) {
                left = end(signal, step.bound(), spared, signalled);
                effectiveStep = step;
            }
        }
        List<StopReport.Survivor> survivors = left.stream()
                .map(process -> new StopReport.Survivor(process.pid(), "still alive after the last step"))
                .toList();
        return Optional.of(new StopReport(
                survivors.isEmpty() ? Optional.ofNullable(effectiveStep) : Optional.empty(),
                List.copyOf(signalled),
                survivors,
                Optional.empty(),
                Duration.ofNanos(System.nanoTime() - start)));
    }

    /** Sends a signal to each, once, until none is left or the bound has passed; returns those that are left. */
    private List<ProcessHandle> end(Signal signal, Duration bound, Set<Long> spared, Set<Long> signalled) {
        long start = System.nanoTime();
        Set<ProcessHandle> done = new HashSet<>();
        List<ProcessHandle> left = find(spared);
        do {
            for (ProcessHandle process : left) {
                if (done.add(process) && send(process, signal)) {
                    signalled.add(process.pid());
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            left = find(spared);
        } while (!left.isEmpty() && System.nanoTime() - start <= bound.toNanos());
        return left;
    }

    private boolean send(ProcessHandle process, Signal signal) {
        if (signal.equals(Signal.KILL)) {
            return process.destroyForcibly();
        }
        if (signal.equals(Signal.TERM)) {
            return process.destroy();
        }
        try (ProcessManager manager = ProcessManager.create();
                AdoptedProcess adopted = manager.adopt(process.pid())) {
            return isMarked(Long.toString(process.pid())) && adopted.signal(signal); // adopted first: it stays this one
        } catch (ProcessManagerException e) {
            return false; // it has exited, or belongs to another user
        }
    }

    private List<ProcessHandle> find(Set<Long> spared) {
        List<ProcessHandle> found = new ArrayList<>();
        String[] names = new File("/proc").list();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                // The handle first: it checks the start time when it signals, so that no later process is hit.
                Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(name));
                if (process.isPresent()
                        && isMarked(name)
                        && !spared.contains(process.get().pid())) {
                    found.add(process.get());
                }
            }
        }
        return found;
    }

    private boolean isMarked(String pid) {
        try {
            String environment = read(pid, "environ");
            for (int look = 1; environment.isEmpty() && look < MOST_LOOKS && hasMemory(pid); look++) {
                LockSupport.parkNanos(PAUSE_NANOS / MOST_LOOKS);
                environment = read(pid, "environ");
            }
            return ("\0" + environment).contains("\0" + VARIABLE + "=" + id + "\0");
        } catch (IOException e) {
            return false; // it has exited, or belongs to another user
        }
    }

    /** Kernel threads and zombies have no memory; a process within execve has memory but no environment. */
    private static boolean hasMemory(String pid) throws IOException {
        return !read(pid, "statm").startsWith("0 ");
    }

    private static String read(String pid, String file) throws IOException {
        return Files.readString(Path.of("/proc", pid, file), StandardCharsets.ISO_8859_1);
    }
}
