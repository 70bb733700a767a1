package org.processmanager.examples.app.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.LaunchFailed;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.event.ProcessEvent.ThreadEnded;
import org.processmanager.core.event.ProcessEvent.ThreadStarted;

/**
 * The runs of a log: each start together with its end. An end without a start is a run as well, since the log may have been
 * cleared; so is a start without an end, since the run continues or its reporter exited first.
 */
public final class Report {
    /**
     * A process or thread that ran.
     *
     * @param what {@code process} or {@code thread}
     * @param pid the process, or null for a thread and for what was not started
     * @param reporter the process that started it
     * @param duration how long it ran, or null if unknown
     * @param reason why a process ended, or null
     * @param commandLine program and arguments, empty for a thread and if only the end is known
     */
    public record Run(
            String what,
            String name,
            @Nullable Long pid,
            long reporter,
            Instant start,
            @Nullable Duration duration,
            End end,
            @Nullable EndReason reason,
            String commandLine) {
        private Run ended(Duration lasted, End how, @Nullable EndReason why) {
            return new Run(what, name, pid, reporter, start, lasted, how, why, commandLine);
        }
    }

    /**
     * The end of a run.
     *
     * @param kind one of those of {@code pm run}, the outcome of a thread, or {@code notEnded}
     * @param text a description
     */
    public record End(
            String kind, @Nullable Integer code, @Nullable String signal, String text) {
        static final End NONE = new End("notEnded", null, null, "no end in the log");

        public static End of(ExitStatus status) {
            if (status instanceof ExitStatus.Exited exited) {
                return new End("exited", exited.code(), null, status.toString());
            }
            if (status instanceof ExitStatus.Signaled signaled) {
                return new End("signaled", null, signaled.signal().name(), status.toString());
            }
            return new End("unknown", null, null, status.toString());
        }

        public static End of(ThreadEnded event) {
            String kind = event.outcome().name().toLowerCase(Locale.ROOT);
            return new End(
                    kind,
                    null,
                    null,
                    event.failure().map(why -> kind + ": " + why).orElse(kind));
        }
    }

    /** Identifies a live run; pids and names are used again over time. */
    private record Key(long reporter, long pid, String thread) {
        public static Key of(ProcessStarted e) {
            return new Key(e.reporter(), e.pid(), "");
        }

        public static Key of(ProcessEnded e) {
            return new Key(e.reporter(), e.pid(), "");
        }
    }

    private final List<Run> runs = new ArrayList<>();
    private final Map<Key, Integer> open = new HashMap<>();

    private Report() {}

    /** Returns the runs in the order of their first events. */
    public static List<Run> of(List<ProcessEvent> events) {
        Report report = new Report();
        events.forEach(report::add);
        return report.runs;
    }

    private void add(ProcessEvent event) {
        if (event instanceof ProcessStarted e) {
            begin(Key.of(e), process(e.name(), e.pid(), e, e.time(), End.NONE, e.commandLine()));
        } else if (event instanceof ProcessEnded e) {
            Run unknown = process(e.name(), e.pid(), e, e.time().minus(e.duration()), End.NONE, "");
            end(Key.of(e), unknown, e.duration(), End.of(e.status()), e.endReason());
        } else if (event instanceof LaunchFailed e) {
            End end = new End("notStarted", null, null, "not started: " + e.reason());
            runs.add(process(e.name(), null, e, e.time(), end, e.commandLine()));
        } else if (event instanceof ThreadStarted e) {
            begin(new Key(e.reporter(), 0, e.name()), thread(e.name(), e, e.time()));
        } else if (event instanceof ThreadEnded e) {
            Run unknown = thread(e.name(), e, e.time().minus(e.duration()));
            end(new Key(e.reporter(), 0, e.name()), unknown, e.duration(), End.of(e), null);
        }
    }

    private static Run process(
            String name, @Nullable Long pid, ProcessEvent event, Instant start, End end, String commandLine) {
        return new Run("process", name, pid, event.reporter(), start, null, end, null, commandLine);
    }

    private static Run thread(String name, ProcessEvent event, Instant start) {
        return new Run("thread", name, null, event.reporter(), start, null, End.NONE, null, "");
    }

    private void begin(Key key, Run run) {
        open.put(key, runs.size());
        runs.add(run);
    }

    /** Ends the open run, or adds one whose start is unknown. */
    private void end(Key key, Run unknown, Duration duration, End end, @Nullable EndReason reason) {
        Integer index = open.remove(key);
        if (index == null) {
            runs.add(unknown.ended(duration, end, reason));
        } else {
            runs.set(index, runs.get(index).ended(duration, end, reason));
        }
    }
}
