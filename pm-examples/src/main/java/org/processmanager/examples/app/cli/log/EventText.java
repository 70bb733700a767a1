package org.processmanager.examples.app.cli.log;

import java.util.Locale;
import java.util.StringJoiner;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.BlockedThread;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.event.ProcessEvent.DeadlockFound;
import org.processmanager.core.event.ProcessEvent.LaunchFailed;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.core.event.ProcessEvent.MessageReceived;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.event.ProcessEvent.ThreadEnded;
import org.processmanager.core.event.ProcessEvent.ThreadStarted;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.eventlog.LogRecord;

/**
 * A record of the log as text.
 *
 * @param event its kind
 * @param what its description
 */
record EventText(String event, String what) {
    private static final long BYTES_PER_MIB = 1 << 20;

    static EventText of(LogRecord entry) {
        if (entry instanceof LogRecord.ProcessSampled e) {
            return new EventText(
                    "process sampled",
                    e.name() + " (pid " + e.pid() + "): " + e.cpuPercent() + " % CPU, "
                            + e.residentBytes() / BYTES_PER_MIB + " MiB, processes: " + e.processes());
        }
        if (entry instanceof LogRecord.PartyFinished e) {
            return new EventText(
                    "party finished",
                    e.role() + " (pid " + e.pid() + "): " + e.items() + " items, waited "
                            + Durations.shortText(e.waited()));
        }
        if (entry instanceof LogRecord.EventsLost e) {
            return new EventText("records lost", e.records() + ", because the log could not be written");
        }
        if (entry instanceof LogRecord.Event e) {
            return of(e.event());
        }
        throw new IllegalArgumentException("record: " + entry);
    }

    private static EventText of(ProcessEvent event) {
        if (event instanceof ProcessStarted e) {
            return new EventText("process started", e.name() + " (pid " + e.pid() + "): " + e.commandLine());
        }
        if (event instanceof LaunchFailed e) {
            return new EventText("process not started", e.name() + ": " + e.reason());
        }
        if (event instanceof ProcessEnded e) {
            String what =
                    e.name() + " (pid " + e.pid() + "): " + e.status() + " after " + Durations.shortText(e.duration());
            return new EventText("process ended", what);
        }
        if (event instanceof ThreadStarted e) {
            return new EventText("thread started", e.name() + " (" + (e.virtual() ? "virtual" : "platform") + ")");
        }
        if (event instanceof ThreadEnded e) {
            String failure = e.failure().map(why -> ": " + why).orElse("");
            String what =
                    e.name() + ": " + lower(e.outcome()) + " after " + Durations.shortText(e.duration()) + failure;
            return new EventText("thread ended", what);
        }
        if (event instanceof ChildChanged e) {
            String why = e.reason().map(reason -> ": " + reason).orElse("");
            return new EventText(
                    "child " + lower(e.state()).replace('_', ' '), e.child() + ", restarts: " + e.restarts() + why);
        }
        if (event instanceof MessageSent e) {
            return new EventText("message sent", e.bytes() + " bytes to " + e.endpoint());
        }
        if (event instanceof MessageReceived e) {
            return new EventText("message received", e.bytes() + " bytes from " + e.endpoint());
        }
        if (event instanceof LockChanged e) {
            String change = e.change() == LockChanged.Change.OWNER_DIED ? "owner died" : lower(e.change());
            return new EventText("lock " + change, e.object() + " in " + e.region());
        }
        if (event instanceof DeadlockFound e) {
            StringJoiner threads = new StringJoiner(", ");
            for (BlockedThread thread : e.threads()) {
                threads.add("pid " + thread.pid() + " " + thread.name() + " waits for " + thread.object() + " in "
                        + thread.region());
            }
            return new EventText("deadlock", threads.toString());
        }
        return new EventText("other", event.toString()); // an event of a later version
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
