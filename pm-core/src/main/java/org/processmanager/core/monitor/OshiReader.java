package org.processmanager.core.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.processmanager.core.ProcessIdentity;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Reads processes where there is no {@code /proc}. Loaded when it is needed, so that a missing OSHI is reported then. */
final class OshiReader {
    private static final double PERCENT = 100;
    /** The name that OSHI returns for an id without a name. */
    private static final String NO_NAME = "unknown";

    private OshiReader() {}

    /** Takes milliseconds to create. Thread-safe. */
    private static final class Holder {
        static final OperatingSystem SYSTEM = new SystemInfo().getOperatingSystem();
    }

    static List<ProcessSnapshot> list() {
        Map<String, String> users = new HashMap<>();
        return Holder.SYSTEM.getProcesses().stream()
                .filter(process -> process.getState() != OSProcess.State.INVALID)
                .flatMap(process -> snapshot(process, users).stream())
                .sorted(Comparator.comparingLong(ProcessSnapshot::pid))
                .toList();
    }

    static Optional<ProcessSnapshot> find(long pid) {
        if (pid > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        return Optional.ofNullable(Holder.SYSTEM.getProcess((int) pid))
                .filter(process -> process.getState() != OSProcess.State.INVALID)
                .flatMap(process -> snapshot(process, new HashMap<>()));
    }

    /**
     * Returns the name of a user, looked up once per scan: OSHI runs a program for each lookup, which for a few hundred
     * processes would take longer than everything else.
     */
    static String user(String id, Supplier<String> name, Map<String, String> known) {
        return known.computeIfAbsent(id, key -> {
            String found = name.get();
            return found.isEmpty() || found.equals(NO_NAME) ? key : found;
        });
    }

    /** Returns the state of a process; empty if it has exited since. */
    private static Optional<ProcessSnapshot> snapshot(OSProcess process, Map<String, String> users) {
        String arguments = process.getCommandLine();
        return ProcessIdentity.of(process.getProcessID())
                .map(identity -> new ProcessSnapshot(
                        identity,
                        process.getParentProcessID(),
                        process.getName(),
                        state(process.getState()),
                        user(process.getUserID(), process::getUser, users),
                        PERCENT * process.getProcessCpuLoadCumulative(),
                        Duration.ofMillis(process.getKernelTime() + process.getUserTime()),
                        process.getResidentMemory(),
                        process.getThreadCount(),
                        Instant.ofEpochMilli(process.getStartTime()),
                        false,
                        CommandLines.text(arguments),
                        CommandLines.mainClass(arguments)));
    }

    private static ProcessSnapshot.State state(OSProcess.State state) {
        return switch (state) {
            case RUNNING -> ProcessSnapshot.State.RUNNING;
            case SLEEPING -> ProcessSnapshot.State.SLEEPING;
            case WAITING -> ProcessSnapshot.State.WAITING;
            case STOPPED, SUSPENDED -> ProcessSnapshot.State.SUSPENDED;
            case ZOMBIE -> ProcessSnapshot.State.ZOMBIE;
            default -> ProcessSnapshot.State.OTHER;
        };
    }
}
