package org.processmanager.examples.app.cli.process;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTree;

/** The order of processes in a list. */
public final class ProcessRows {
    private ProcessRows() {}

    /** Returns the processes to show and their depth; reads the sockets of all if the filter has a port. */
    static Map<ProcessSnapshot, Integer> arrange(
            List<ProcessSnapshot> all, ListOptions options, Comparator<ProcessSnapshot> order) {
        ProcessFilter filter = options.filter();
        return arrange(all, filter, filter.listening(), order, options.tree());
    }

    /**
     * Returns the processes to show and their depth, which is 0 without a tree. In a tree the descendants of each process that
     * is meant are shown, too.
     *
     * @param listening the processes that listen on the port of the filter
     */
    public static Map<ProcessSnapshot, Integer> arrange(
            List<ProcessSnapshot> all,
            ProcessFilter filter,
            Set<Long> listening,
            Comparator<ProcessSnapshot> order,
            boolean asTree) {
        List<ProcessSnapshot> sorted = all.stream().sorted(order).toList();
        List<ProcessSnapshot> shown = filter.apply(sorted, listening);
        Map<ProcessSnapshot, Integer> rows = new LinkedHashMap<>();
        if (!asTree) {
            shown.forEach(process -> rows.put(process, 0));
            return rows;
        }
        if (filter.isSet()) {
            ProcessTree whole = ProcessTree.of(sorted);
            Set<ProcessSnapshot> family = new LinkedHashSet<>(shown);
            shown.forEach(process -> family.addAll(whole.descendants(process.pid())));
            shown = new ArrayList<>(family);
        }
        ProcessTree.of(shown).forEach(rows::put);
        return rows;
    }
}
