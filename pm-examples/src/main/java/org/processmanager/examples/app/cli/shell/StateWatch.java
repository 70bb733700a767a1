package org.processmanager.examples.app.cli.shell;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.examples.app.cli.process.NamedProcesses;

/** Reports the exits and restarts of started processes, within a second. */
final class StateWatch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;

    private final NamedProcesses named;
    private final Consumer<String> listener;
    private final Thread thread = new Thread(this::watch, "started processes");
    private Map<String, String> known = Map.of(); // guarded by this

    private StateWatch(NamedProcesses named, Consumer<String> listener) {
        this.named = named;
        this.listener = listener;
    }

    /**
     * Starts a watch.
     *
     * @param listener receives a line for each change, on a thread of the watch
     */
    static StateWatch start(NamedProcesses named, Consumer<String> listener) {
        StateWatch watch = new StateWatch(named, listener);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (true) {
                look();
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Reports what has changed since the last look. */
    synchronized void look() {
        Map<String, String> states;
        try {
            states = named.states();
        } catch (ProcessManagerException e) {
            return; // the commands on it report it
        }
        states.forEach((name, state) -> {
            String before = known.get(name);
            if (before != null && !before.equals(state)) {
                listener.accept(name + ": " + state);
            }
        });
        known = states;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
