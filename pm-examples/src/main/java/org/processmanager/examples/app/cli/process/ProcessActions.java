package org.processmanager.examples.app.cli.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.processmanager.core.StopReport;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTree;
import org.processmanager.examples.app.cli.option.Durations;

/** What commands that stop processes check and report. */
public final class ProcessActions {
    private ProcessActions() {}

    /**
     * Returns why the end of a process would harm more than itself: it is process 1, this one or one of its parents.
     *
     * @param all the processes
     */
    public static Optional<String> harmOf(ProcessSnapshot target, List<ProcessSnapshot> all) {
        long self = ProcessHandle.current().pid();
        String why = "";
        if (target.pid() == 1) {
            why = "is the first process of the system";
        } else if (target.pid() == self) {
            why = "is pm itself";
        } else if (ProcessTree.of(all).ancestors(self).stream().anyMatch(parent -> parent.pid() == target.pid())) {
            why = "has started pm";
        }
        return why.isEmpty()
                ? Optional.empty()
                : Optional.of("process " + target.pid() + " (" + target.name() + ") " + why);
    }

    /** Returns pid and name. */
    public static String describe(ProcessSnapshot process) {
        return "process " + process.pid() + " (" + process.mainClass().orElse(process.name()) + ")";
    }

    /** Returns how a process was stopped, and what with it. */
    public static String describe(ProcessSnapshot process, StopReport report) {
        String with = report.signalled().stream()
                .filter(pid -> pid != process.pid())
                .distinct()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        String outcome = !report.survivors().isEmpty()
                ? " was not stopped"
                : report.effectiveStep().map(step -> " stopped by " + step).orElse(" had exited");
        return describe(process) + outcome + " within " + Durations.shortText(report.duration())
                + (with.isEmpty() ? "" : ", with " + with);
    }

    /** Returns what a stop did not achieve; empty if nothing is left. */
    public static String failures(StopReport report) {
        List<String> parts = new ArrayList<>();
        for (StopReport.Survivor survivor : report.survivors()) {
            parts.add("process " + survivor.pid() + " is still running: " + survivor.reason());
        }
        report.scanFailure().ifPresent(why -> parts.add("descendants could not be enumerated: " + why));
        return String.join("; ", parts);
    }
}
