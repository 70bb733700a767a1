package org.processmanager.examples.app.menu;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;

/** The entry that lists processes: all of the machine, or this one and its descendants. */
final class MonitorEntry {
    private final Dialog dialog;

    MonitorEntry(Dialog dialog) {
        this.dialog = dialog;
    }

    void show() throws InterruptedException {
        String answer = dialog.ask("own or all");
        if (answer == null) {
            return;
        }
        if (!answer.equals("own") && !answer.equals("all")) {
            throw new IllegalArgumentException(
                    "processes: \"" + answer + "\" (expected: own, which is this program and its descendants, or all)");
        }
        List<ProcessSnapshot> all = ProcessTable.list();
        Set<Long> shown = answer.equals("own") ? family(all) : Set.of();
        List<List<String>> rows = all.stream()
                .filter(process -> shown.isEmpty() || shown.contains(process.pid()))
                .sorted(Comparator.comparingLong(ProcessSnapshot::pid))
                .map(MonitorEntry::row)
                .toList();
        dialog.table(List.of(">PID", ">PARENT", "NAME", "STATUS"), rows);
    }

    /** Returns this process and its descendants. */
    private static Set<Long> family(List<ProcessSnapshot> all) {
        Set<Long> family = new HashSet<>(Set.of(ProcessHandle.current().pid()));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (ProcessSnapshot process : all) {
                grown |= family.contains(process.parentPid()) && family.add(process.pid());
            }
        }
        return family;
    }

    private static List<String> row(ProcessSnapshot process) {
        return List.of(
                Long.toString(process.pid()),
                Long.toString(process.parentPid()),
                process.name(),
                process.state().toString().toLowerCase(Locale.ROOT));
    }
}
