package org.processmanager.examples.app.cli.top;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;
import org.processmanager.examples.app.cli.process.ProcessFilter;
import org.processmanager.examples.app.cli.process.ProcessRows;
import org.processmanager.examples.app.cli.process.SortKey;

/**
 * What the live view shows. Immutable: each change is a new state, whose rows are arranged, and scrolled to the selected one,
 * when it is created.
 */
final class TopState {
    /** The summary and the titles. */
    private static final int LINES_ABOVE = 2;

    private static final int MOST_EXITED = 8;

    private static final Sample NOTHING = new Sample(Instant.EPOCH, Duration.ZERO, List.of(), List.of(), Map.of());

    Sample sample = NOTHING;
    List<Exit> exited = List.of();
    /** Lines about the selected process. */
    List<String> details = List.of();

    /** The processes that listen on the port of the filter. */
    Set<Long> listening = Set.of();

    double systemLoad;
    int columns;
    int lines;

    SortKey sort;
    boolean reversed;
    boolean tree;
    ProcessFilter filter;
    /** The filter to which an abandoned prompt returns. */
    ProcessFilter filterBefore;

    Set<ProcessIdentity> collapsed = Set.of();
    boolean showsExited = true;
    boolean showsDetails;
    /** The first line of the help that is shown, or -1. */
    int help = -1;

    boolean paused;
    /** Whether there are keys, whose prompts and messages have the last line. */
    boolean hasKeys = true;

    @Nullable
    Prompt prompt;

    String message = "";
    boolean isFailure;

    @Nullable
    Request request;

    // Derived, and the selection, which follows the rows:
    private List<Row> rows = List.of();
    private List<Exit> shownExits = List.of();
    private int selected = -1;
    private @Nullable ProcessIdentity selectedProcess;
    private int offset;

    TopState(SortKey sort, boolean tree, ProcessFilter filter, int columns, int lines) {
        this.sort = sort;
        this.tree = tree;
        this.filter = filter;
        filterBefore = filter;
        this.columns = columns;
        this.lines = lines;
    }

    private TopState(TopState other) {
        sample = other.sample;
        exited = other.exited;
        details = other.details;
        listening = other.listening;
        systemLoad = other.systemLoad;
        columns = other.columns;
        lines = other.lines;
        sort = other.sort;
        reversed = other.reversed;
        tree = other.tree;
        filter = other.filter;
        filterBefore = other.filterBefore;
        collapsed = other.collapsed;
        showsExited = other.showsExited;
        showsDetails = other.showsDetails;
        help = other.help;
        hasKeys = other.hasKeys;
        paused = other.paused;
        prompt = other.prompt;
        message = other.message;
        isFailure = other.isFailure;
        request = other.request;
        rows = other.rows;
        shownExits = other.shownExits;
        selected = other.selected;
        selectedProcess = other.selectedProcess;
        offset = other.offset;
    }

    /** Returns a state that differs from this one by some fields; the rows are as they were. */
    TopState with(Consumer<TopState> change) {
        TopState state = new TopState(this);
        change.accept(state);
        state.scroll();
        return state;
    }

    /** Returns a state that differs from this one by some fields of which the rows depend. */
    TopState arranged(Consumer<TopState> change) {
        TopState state = new TopState(this);
        change.accept(state);
        state.arrange();
        state.scroll();
        return state;
    }

    /** Returns a state with a message in its last line. */
    TopState says(String text, boolean failure) {
        return with(state -> {
            state.message = text;
            state.isFailure = failure;
        });
    }

    /** Returns a state that asks something of the loop. */
    TopState requests(Request newRequest) {
        return with(state -> state.request = newRequest);
    }

    /** Returns whether there is a sample. */
    boolean isSampled() {
        return sample != NOTHING;
    }

    List<Row> rows() {
        return rows;
    }

    /** Returns the index of the selected row, or -1. */
    int selected() {
        return selected;
    }

    Optional<Row> selectedRow() {
        return selected < 0 ? Optional.empty() : Optional.of(rows.get(selected));
    }

    /** Returns the index of the first row that is shown. */
    int offset() {
        return offset;
    }

    double load(ProcessSnapshot process) {
        return sample.cpuPercent(process.pid()).orElse(0);
    }

    /** Returns a state with a row selected; the nearest one if there is none of this index. */
    TopState select(int index) {
        return with(state -> {
            state.selected = Math.min(rows.size() - 1, Math.max(0, index));
            state.selectedProcess =
                    state.selectedRow().map(row -> row.process().identity()).orElse(null);
        });
    }

    TopState unselect() {
        return with(state -> {
            state.selected = -1;
            state.selectedProcess = null;
            state.offset = 0;
            state.details = List.of();
        });
    }

    /** Returns how many lines the rows have. */
    int room() {
        return body() - exits().size() - detailLines();
    }

    /** Returns how many lines are between the titles and the last line. */
    int body() {
        return Math.max(0, lines - LINES_ABOVE - (hasKeys ? 1 : 0));
    }

    /** Returns the latest exits that are shown: up to a quarter of the screen. */
    List<Exit> exits() {
        int most = showsExited ? Math.min(MOST_EXITED, body() / 4) : 0;
        return shownExits.subList(Math.max(0, shownExits.size() - most), shownExits.size());
    }

    /** Returns how many lines are shown about the selected process: up to 60 percent of the screen. */
    int detailLines() {
        return showsDetails && selected >= 0 ? Math.min(details.size(), body() * 3 / 5) : 0;
    }

    private void arrange() {
        Comparator<ProcessSnapshot> order = sort.order(this::load);
        Map<ProcessSnapshot, Integer> arranged =
                ProcessRows.arrange(sample.processes(), filter, listening, reversed ? order.reversed() : order, tree);
        List<Row> shown = new ArrayList<>(arranged.size());
        int hiddenBelow = Integer.MAX_VALUE;
        for (Map.Entry<ProcessSnapshot, Integer> entry : arranged.entrySet()) {
            int depth = entry.getValue();
            if (depth > hiddenBelow) {
                Row last = shown.remove(shown.size() - 1);
                shown.add(new Row(last.process(), last.depth(), last.hidden() + 1));
            } else {
                shown.add(new Row(entry.getKey(), depth, 0));
                boolean isCollapsed = tree
                        && !collapsed.isEmpty()
                        && collapsed.contains(entry.getKey().identity());
                hiddenBelow = isCollapsed ? depth : Integer.MAX_VALUE;
            }
        }
        rows = List.copyOf(shown);
        shownExits = exited.stream()
                .filter(exit ->
                        !filter.apply(List.of(exit.process()), listening).isEmpty())
                .toList();
        findSelected();
    }

    /** Follows the selected process; if it is no longer there, the row in its place is selected. */
    private void findSelected() {
        if (selectedProcess == null) {
            return;
        }
        int before = selected;
        selected = -1;
        for (int i = 0; i < rows.size() && selected < 0; i++) {
            if (rows.get(i).process().identity().equals(selectedProcess)) {
                selected = i;
            }
        }
        if (selected < 0) {
            selected = Math.min(before, rows.size() - 1);
            selectedProcess = selectedRow().map(row -> row.process().identity()).orElse(null);
        }
    }

    private void scroll() {
        int room = Math.max(1, room());
        if (selected >= 0) {
            offset = Math.max(selected - room + 1, Math.min(offset, selected));
        }
        offset = Math.max(0, Math.min(offset, rows.size() - room));
    }

    /** Returns a state in which processes are collapsed, or expanded. */
    TopState collapse(ProcessIdentity process, boolean isCollapsed) {
        return arranged(state -> {
            Set<ProcessIdentity> changed = new HashSet<>(collapsed);
            if (isCollapsed) {
                changed.add(process);
            } else {
                changed.remove(process);
            }
            state.collapsed = Set.copyOf(changed);
        });
    }

    /** Returns the index of the parent of a row in the tree, or -1. */
    int parentOf(int index) {
        int parent = index - 1;
        while (parent >= 0 && rows.get(parent).depth() >= rows.get(index).depth()) {
            parent--;
        }
        return parent;
    }

    /** Returns whether the row below is a child in the tree. */
    boolean hasChildren(int index) {
        return index + 1 < rows.size()
                && rows.get(index + 1).depth() > rows.get(index).depth();
    }

    /** Returns a state of the next sample. */
    TopState sampled(Sample newSample, double newSystemLoad, List<Exit> newExited) {
        return arranged(state -> {
            state.sample = newSample;
            state.systemLoad = newSystemLoad;
            state.exited = newExited;
            if (!collapsed.isEmpty() && !newSample.exited().isEmpty()) {
                Set<ProcessIdentity> left = new HashSet<>(collapsed);
                newSample.exited().forEach(process -> left.remove(process.identity()));
                state.collapsed = Set.copyOf(left);
            }
        });
    }
}
