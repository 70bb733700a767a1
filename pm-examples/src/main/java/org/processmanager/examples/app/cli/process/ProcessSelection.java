package org.processmanager.examples.app.cli.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.core.monitor.ProcessTree;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.SimilarNames;

/**
 * Finds the processes that a user means by a name, a pid or a port. A name is first that of a {@linkplain NamedProcesses named
 * process}, then that of a program, or the main class of a JVM. Reads the processes once.
 */
public final class ProcessSelection {
    private static final int MOST_SHOWN = 10;

    private final Map<String, ProcessIdentity> named;
    private final List<ProcessSnapshot> processes;

    private ProcessSelection(NamedProcesses named, List<ProcessSnapshot> processes) {
        this.named = named.byName();
        this.processes = processes;
    }

    public static ProcessSelection of(NamedProcesses named) {
        return new ProcessSelection(named, ProcessTable.list());
    }

    public List<ProcessSnapshot> processes() {
        return processes;
    }

    /**
     * Returns the process that a name or a pid means; several of them only if all are wanted.
     *
     * @throws CommandFailure if there is none, or if there are several and not all are wanted
     */
    public List<ProcessSnapshot> find(String nameOrPid, boolean all) {
        if (named.containsKey(nameOrPid)) {
            return List.of(ofIdentity(nameOrPid, named.get(nameOrPid)));
        }
        if (nameOrPid.matches("[0-9]+")) {
            return List.of(ofPid(nameOrPid));
        }
        long self = ProcessHandle.current().pid();
        List<ProcessSnapshot> found = processes.stream()
                .filter(process -> process.pid() != self && isRunning(process))
                .filter(process -> names(process).contains(nameOrPid))
                .toList();
        if (found.isEmpty()) {
            throw unknown(nameOrPid);
        }
        return checkOne("processes are named " + nameOrPid, found, all);
    }

    /**
     * Returns the process that listens on a port; several of them only if all are wanted.
     *
     * @throws CommandFailure if none is visible, or if there are several and not all are wanted
     */
    public List<ProcessSnapshot> onPort(int port, boolean all) {
        List<ProcessSnapshot> found = listeningOn(port);
        if (found.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.NOTHING_THERE,
                    "no process of this user listens on port " + port + "; those of other users are not visible");
        }
        ProcessTree tree = ProcessTree.of(found);
        return checkOne("processes listen on port " + port, tree.roots(), all); // children inherit the socket
    }

    static List<ProcessSnapshot> listeningOn(int port) {
        try {
            return ProcessTable.listeningOn(port);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "--" + e.getMessage(), e);
        }
    }

    /** Returns the names of a process: of its program, and the main class of a JVM with and without its package. */
    static Set<String> names(ProcessSnapshot process) {
        Set<String> names = new TreeSet<>(List.of(process.name()));
        if (!process.commandLine().isEmpty()) {
            String program = process.commandLine().split(" ", 2)[0];
            names.add(program.substring(program.lastIndexOf('/') + 1));
        }
        process.mainClass().ifPresent(main -> {
            names.add(main);
            names.add(main.substring(
                    Math.max(main.lastIndexOf('/'), main.endsWith(".jar") ? -1 : main.lastIndexOf('.')) + 1));
        });
        names.remove("");
        return names;
    }

    private static boolean isRunning(ProcessSnapshot process) {
        return !process.kernelThread() && process.state() != ProcessSnapshot.State.ZOMBIE;
    }

    private ProcessSnapshot ofIdentity(String name, ProcessIdentity identity) {
        return processes.stream()
                .filter(process -> process.identity().equals(identity) && isRunning(process))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.NOTHING_THERE, name + ", process " + identity.pid() + ", has exited"));
    }

    private ProcessSnapshot ofPid(String pid) {
        Optional<ProcessSnapshot> found = processes.stream()
                .filter(process -> Long.toString(process.pid()).equals(pid))
                .findFirst();
        return found.orElseThrow(
                () -> new CommandFailure(ExitCode.NOTHING_THERE, "there is no process " + pid + " (pm ps lists them)"));
    }

    private CommandFailure unknown(String name) {
        Set<String> known = processes.stream()
                .filter(ProcessSelection::isRunning)
                .flatMap(process -> names(process).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        known.addAll(named.keySet());
        return new CommandFailure(
                ExitCode.NOTHING_THERE,
                "no process is named " + name
                        + SimilarNames.hint(SimilarNames.among(known, name), " (pm ps lists them)"));
    }

    private static List<ProcessSnapshot> checkOne(String what, List<ProcessSnapshot> found, boolean all) {
        if (found.size() > 1 && !all) {
            List<String> shown = new ArrayList<>(found.stream()
                    .limit(MOST_SHOWN)
                    .map(process -> process.pid() + " " + process.mainClass().orElse(process.name()))
                    .toList());
            if (found.size() > MOST_SHOWN) {
                shown.add("...");
            }
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    found.size() + " " + what + ": " + String.join(", ", shown)
                            + "; name one by its pid, or all of them with --all");
        }
        return found;
    }
}
