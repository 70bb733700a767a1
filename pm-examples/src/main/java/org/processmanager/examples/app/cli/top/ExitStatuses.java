package org.processmanager.examples.app.cli.top;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.StopReport;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.RecentExits;
import org.processmanager.examples.app.cli.process.NamedProcesses;

/**
 * How processes have exited, as far as that is known: those that this process has started or stopped, and those that
 * {@code pm start} has. Not thread-safe.
 */
final class ExitStatuses implements AutoCloseable {
    private static final Duration AGE = Duration.ofMinutes(2);
    private static final int MOST = 1_000;
    /** A status is recorded a moment after the exit. */
    private static final int MOST_ATTEMPTS = 3;

    private final NamedProcesses named;
    private final RecentExits ofChildren = new RecentExits(AGE, MOST);
    private final Map<Long, Stopped> stopped = new HashMap<>();
    private final Map<ProcessIdentity, String> known = new HashMap<>();
    private final Map<ProcessIdentity, Integer> attempts = new HashMap<>();

    private record Stopped(String how, Instant time) {}

    ExitStatuses(NamedProcesses named) {
        this.named = named;
        ProcessManager.shared().addListener(ofChildren);
    }

    /** Remembers what has stopped processes. */
    void add(StopReport report) {
        Instant now = Instant.now();
        report.effectiveStep().ifPresent(step -> report.signalled()
                .forEach(pid -> stopped.put(pid, new Stopped("stopped by " + step, now))));
    }

    /** Returns processes that have exited with their statuses; forgets those of all others. */
    List<Exit> of(List<ProcessSnapshot> exited) {
        List<ProcessIdentity> all =
                exited.stream().map(ProcessSnapshot::identity).toList();
        known.keySet().retainAll(all);
        attempts.keySet().retainAll(all);
        List<ProcessSnapshot> unknown = exited.stream()
                .filter(process -> !known.containsKey(process.identity())
                        && attempts.merge(process.identity(), 1, Integer::sum) <= MOST_ATTEMPTS)
                .toList();
        if (!unknown.isEmpty()) {
            find(unknown);
        }
        return exited.stream()
                .map(process -> new Exit(process, known.getOrDefault(process.identity(), "")))
                .toList();
    }

    private void find(List<ProcessSnapshot> exited) {
        Map<ProcessIdentity, String> ofNamed = named.exitStatuses();
        List<ProcessEvent.ProcessEnded> events = ofChildren.list();
        for (ProcessSnapshot process : exited) {
            Stopped stop = stopped.get(process.pid());
            if (stop != null && !stop.time().isBefore(process.startTime())) {
                known.put(process.identity(), stop.how());
            }
            events.stream()
                    .filter(event ->
                            event.pid() == process.pid() && !event.time().isBefore(process.startTime()))
                    .findFirst()
                    .ifPresent(event ->
                            known.put(process.identity(), event.status().toString()));
            if (ofNamed.containsKey(process.identity())) {
                known.put(process.identity(), ofNamed.get(process.identity()));
            }
        }
    }

    @Override
    public void close() {
        ProcessManager.shared().removeListener(ofChildren);
    }
}
