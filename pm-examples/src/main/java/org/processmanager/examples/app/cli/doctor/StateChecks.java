package org.processmanager.examples.app.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ShmCommand;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.SharedMemory;

/** Checks of what pm keeps, and of a launch. */
final class StateChecks {
    private StateChecks() {}

    static List<Finding> run(NamedProcesses named) throws InterruptedException {
        return List.of(
                launch(),
                writable("state directory", EventLog.defaultFile().resolveSibling("")),
                writable("registry", ProcessRegistry.defaultDirectory()),
                entries(named),
                memory(),
                regions());
    }

    private static Finding launch() throws InterruptedException {
        try {
            int code = Command.of("true").run().exitCode();
            return Finding.ok("launch", "true has run, exit code " + code);
        } catch (ProcessManagerException e) {
            return Finding.failed("launch", String.valueOf(e.getMessage()), "look at the limits and at PATH");
        }
    }

    /** Looks at the nearest directory that exists: those below are created when they are needed. */
    static Finding writable(String name, Path directory) {
        Path existing = directory;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing != null && Files.isDirectory(existing) && Files.isWritable(existing)) {
            return Finding.ok(name, directory + (existing.equals(directory) ? "" : ", not there yet"));
        }
        return Finding.failed(
                name,
                directory + " cannot be written" + (existing == null ? "" : ", because of " + existing),
                "set XDG_STATE_HOME to a directory of this user, or use --log and --registry");
    }

    static Finding entries(NamedProcesses named) {
        try {
            long exited = named.states().values().stream()
                    .filter(state -> state.startsWith("exited"))
                    .count();
            int all = named.states().size();
            String found = all + " started, " + exited + " of them exited";
            return exited == 0
                    ? Finding.ok("started processes", found)
                    : Finding.limited("started processes", found, "pm rm --exited forgets those");
        } catch (ProcessManagerException e) {
            return Finding.failed("started processes", String.valueOf(e.getMessage()), "see --registry");
        }
    }

    private static Finding memory() {
        Path directory = SharedMemory.directory();
        try (SharedMemory region = SharedMemory.anonymous(SharedMemory.megabytes(1))) {
            return Finding.ok("shared memory", directory + ", a region of 1 MiB was created");
        } catch (RegionException | UnsupportedOperationException e) {
            return Finding.failed(
                    "shared memory", String.valueOf(e.getMessage()), "make room in /dev/shm, or check its permissions");
        }
    }

    private static Finding regions() {
        try {
            int unused = ShmCommand.unused();
            return unused == 0
                    ? Finding.ok("regions", "none without a living process")
                    : Finding.limited(
                            "regions", unused + " without a living process", "pm shm rm --stale removes those");
        } catch (CommandFailure | RegionException e) {
            return Finding.failed("regions", String.valueOf(e.getMessage()), "check the permissions of the directory");
        }
    }
}
