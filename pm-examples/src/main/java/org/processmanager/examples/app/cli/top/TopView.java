package org.processmanager.examples.app.cli.top;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.Signal;
import org.processmanager.core.StopReport;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;
import org.processmanager.core.monitor.Sampler;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.cli.process.ProcessActions;
import org.processmanager.examples.app.cli.process.ProcessInfo;
import org.processmanager.examples.app.cli.process.ProcessText;
import org.processmanager.examples.app.cli.terminal.Line;
import org.processmanager.examples.app.cli.terminal.RawTerminal;
import org.processmanager.examples.app.cli.terminal.Screen;
import org.processmanager.examples.app.cli.terminal.Terminal;

/**
 * The loop of the live view. One thread samples and reads keys; a stop that lasts and a signal of the terminal change the state
 * from threads of their own, one at a time.
 */
final class TopView {
    static final Duration FIRST_INTERVAL = Duration.ofMillis(100);

    /** Of a terminal that does not know its size. */
    private static final int USUAL_COLUMNS = 80;

    private static final int USUAL_LINES = 24;
    private static final int TITLE_COLUMNS = 12;

    private final Terminal terminal;
    private final @Nullable RawTerminal keys;
    private final NamedProcesses named;
    private final Duration interval;
    private final Screen screen;
    private final LoadHistory history = new LoadHistory();

    // Guarded by this:
    private final ExitStatuses statuses;
    private TopState state;
    private OptionalInt exitCode = OptionalInt.empty();
    /** Stops and signals that are not finished. */
    private int actions;

    private boolean hasWarned;

    /**
     * Creates a view.
     *
     * @param keys where keys are read; null if there are none
     */
    TopView(Terminal terminal, @Nullable RawTerminal keys, NamedProcesses named, Duration interval, TopState state) {
        this.terminal = terminal;
        this.keys = keys;
        this.named = named;
        this.interval = interval;
        this.state = state.with(first -> first.hasKeys = keys != null);
        screen = new Screen(terminal);
        statuses = new ExitStatuses(named);
    }

    /** Shows the processes until the user, or the end of the input or output, ends it. */
    int run() throws InterruptedException {
        try (statuses) {
            followTerminal();
            measure();
            Sampler sampler = Sampler.ofAll();
            long next = System.nanoTime() + FIRST_INTERVAL.toNanos();
            while (true) {
                await(next - System.nanoTime());
                OptionalInt code = exitCode();
                if (code.isPresent()) {
                    return code.getAsInt();
                }
                if (next - System.nanoTime() <= 0) {
                    sample(sampler);
                    next = System.nanoTime() + interval.toNanos();
                }
                if (terminal.out().checkError()) {
                    return ExitCode.OK;
                }
            }
        }
    }

    private synchronized OptionalInt exitCode() {
        return exitCode;
    }

    private void followTerminal() {
        if (keys == null) {
            screen.followSize();
            return;
        }
        terminal.onSignal("WINCH", this::measure);
        terminal.onSignal("CONT", this::resume);
    }

    private synchronized void measure() {
        if (keys == null) {
            screen.measure();
        } else {
            keys.whileOpen(() -> screen.resize(keys.columns(), keys.rows()));
        }
        boolean unknownWidth = screen.columns() <= 0 || screen.columns() == Integer.MAX_VALUE;
        boolean unknownHeight = screen.rows() <= 0 || screen.rows() == Integer.MAX_VALUE;
        if (unknownWidth || unknownHeight) {
            screen.resize(unknownWidth ? USUAL_COLUMNS : screen.columns(), unknownHeight ? USUAL_LINES : screen.rows());
        }
        if (state.columns != screen.columns() || state.lines != screen.rows()) {
            state = state.with(next -> {
                next.columns = screen.columns();
                next.lines = screen.rows();
            });
        }
        draw();
    }

    private synchronized void resume() {
        if (keys != null) {
            keys.reenter();
            measure();
        }
    }

    private void await(long nanos) throws InterruptedException {
        if (nanos <= 0) {
            return;
        }
        if (keys == null) {
            Thread.sleep(Duration.ofNanos(nanos).toMillis() + 1);
            return;
        }
        List<String> pressed = keys.read(Duration.ofNanos(nanos));
        if (!pressed.isEmpty()) {
            update(before -> press(before, pressed));
        }
    }

    private TopState press(TopState before, List<String> pressed) {
        TopState now = before;
        for (String key : pressed) {
            now = TopKeys.press(now, key);
            Request request = now.request;
            if (request != null) {
                now = now.with(next -> next.request = null);
                now = perform(now, request);
            }
        }
        return now;
    }

    /** Changes the state and shows it. */
    private synchronized void update(UnaryOperator<TopState> change) {
        TopState before = state;
        state = change.apply(state);
        if (!state.filter.equals(before.filter)) {
            findListening();
        }
        boolean sameProcess = state.selectedRow()
                .map(row -> row.process().identity())
                .equals(before.selectedRow().map(row -> row.process().identity()));
        if (state.showsDetails && (!sameProcess || !before.showsDetails)) {
            readDetails();
        }
        draw();
    }

    private synchronized void sample(Sampler sampler) {
        if (state.paused) {
            return;
        }
        Sample sample = sampler.sample();
        history.add(sample);
        if (keys == null) {
            measure();
        }
        state = state.sampled(sample, TopScreen.systemLoad(), statuses.of(history.exited()));
        findListening();
        readDetails();
        draw();
    }

    private void findListening() {
        try {
            if (state.filter.port() != null) {
                var listening = state.filter.listening();
                state = state.arranged(next -> next.listening = listening);
            }
        } catch (CommandFailure | ProcessManagerException e) {
            state = state.says(String.valueOf(e.getMessage()), true);
        }
    }

    private void readDetails() {
        Optional<Row> selected = state.selectedRow();
        if (state.showsDetails && selected.isPresent()) {
            List<String> lines = details(selected.get().process());
            state = state.with(next -> next.details = lines);
        }
    }

    private List<String> details(ProcessSnapshot process) {
        int bars = Math.max(0, Math.min(LoadHistory.SAMPLES, state.columns - TITLE_COLUMNS));
        List<String> lines = new ArrayList<>();
        lines.add(ProcessActions.describe(process) + ", " + ProcessText.state(process));
        lines.add("cpu bars    " + history.loadBars(process, bars));
        lines.add("memory bars " + history.memoryBars(process, bars));
        ProcessInfo.of(process, state.sample).summary().stream()
                .skip(2) // pid and name
                .forEach(lines::add);
        return lines;
    }

    private void draw() {
        List<Line> lines = TopScreen.lines(state, history);
        if (keys == null) {
            screen.show(lines);
        } else {
            keys.whileOpen(() -> screen.show(lines));
        }
    }

    private TopState perform(TopState now, Request request) {
        if (request instanceof Request.Quit quit) {
            if (actions > 0 && !hasWarned) {
                hasWarned = true;
                return now.says("a stop is not finished; once more leaves it so", true);
            }
            exitCode = OptionalInt.of(quit.exitCode());
            return now;
        }
        if (request instanceof Request.Redraw) {
            screen.resize(screen.columns(), screen.rows());
            return now;
        }
        if (request instanceof Request.Suspend) {
            return suspend(now);
        }
        actions++;
        Thread worker = new Thread(() -> finish(act(request)), "action");
        worker.setDaemon(true);
        worker.start();
        return request instanceof Request.Stop stop
                ? now.says("stopping " + ProcessActions.describe(stop.process()) + " ...", false)
                : now;
    }

    private TopState suspend(TopState now) {
        if (keys == null) {
            return now;
        }
        keys.leave();
        try (AdoptedProcess self = ProcessManager.shared()
                .adopt(ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow())) {
            self.signal(Signal.STOP); // continues here
            return now;
        } catch (ProcessManagerException | UnsupportedOperationException | IllegalArgumentException e) {
            return now.says("cannot be suspended: " + e.getMessage(), true);
        } finally {
            keys.reenter();
            screen.resize(screen.columns(), screen.rows());
        }
    }

    private synchronized void finish(UnaryOperator<TopState> result) {
        actions--;
        hasWarned = false;
        update(result);
    }

    /** Returns what the state says of the outcome. */
    private UnaryOperator<TopState> act(Request request) {
        try {
            if (request instanceof Request.Stop stop) {
                StopReport report = stop(stop);
                String said = ProcessActions.describe(stop.process(), report);
                String failures = ProcessActions.failures(report);
                return now -> {
                    statuses.add(report);
                    return now.says(said + (failures.isEmpty() ? "" : "; " + failures), !failures.isEmpty());
                };
            }
            if (request instanceof Request.Send send) {
                boolean sent = send(send);
                String what = send.signal().name() + " to " + ProcessActions.describe(send.process());
                return now -> now.says(sent ? "sent " + what : "could not send " + what + ": it has exited", !sent);
            }
            return now -> now;
        } catch (NoSuchProcessException e) {
            return now -> now.says("it has exited before", true);
        } catch (RuntimeException e) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            return now -> now.says(why, true);
        }
    }

    private StopReport stop(Request.Stop stop) {
        ProcessIdentity identity = stop.process().identity();
        Optional<StopReport> report = named.stop(identity, stop.policy());
        if (report.isPresent()) {
            return report.get();
        }
        try (AdoptedProcess process = ProcessManager.shared().adopt(identity)) {
            return process.stop(stop.policy());
        }
    }

    private static boolean send(Request.Send send) {
        try (AdoptedProcess process =
                ProcessManager.shared().adopt(send.process().identity())) {
            return process.signal(send.signal());
        }
    }
}
