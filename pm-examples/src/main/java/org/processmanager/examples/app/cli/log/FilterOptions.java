package org.processmanager.examples.app.cli.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.event.ProcessEvent.LaunchFailed;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.core.event.ProcessEvent.MessageReceived;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.event.ProcessEvent.ThreadEnded;
import org.processmanager.core.event.ProcessEvent.ThreadStarted;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which records of the log a command uses. */
final class FilterOptions {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Since.class,
            description = "Only from this time on: a duration before now, as 5m, or a time as 2026-01-31T12:00 (of this"
                    + " machine's zone) or 2026-01-31T12:00:00Z.")
    private @Nullable Instant since;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Only of processes, threads and locks with this name, and of messages of this endpoint.")
    private @Nullable String name;

    EventLog.Contents apply(EventLog.Contents contents) {
        List<LogRecord> kept = contents.records().stream().filter(this::accepts).toList();
        return new EventLog.Contents(kept, contents.unknown(), contents.torn());
    }

    private boolean accepts(LogRecord entry) {
        return (since == null || !entry.time().isBefore(since)) && (name == null || name.equals(nameOf(entry)));
    }

    private static @Nullable String nameOf(LogRecord entry) {
        if (entry instanceof LogRecord.Event e) {
            return nameOf(e.event());
        }
        return entry instanceof LogRecord.ProcessSampled e ? e.name() : null;
    }

    private static @Nullable String nameOf(ProcessEvent event) {
        if (event instanceof ProcessStarted e) {
            return e.name();
        }
        if (event instanceof LaunchFailed e) {
            return e.name();
        }
        if (event instanceof ProcessEnded e) {
            return e.name();
        }
        if (event instanceof ThreadStarted e) {
            return e.name();
        }
        if (event instanceof ThreadEnded e) {
            return e.name();
        }
        if (event instanceof ChildChanged e) {
            return e.child();
        }
        if (event instanceof MessageSent e) {
            return e.endpoint();
        }
        if (event instanceof MessageReceived e) {
            return e.endpoint();
        }
        return event instanceof LockChanged e ? e.object() : null;
    }

    /** Converts a time, or how long ago it was. */
    static final class Since implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                if (text.indexOf('T') < 0) {
                    return Instant.now().minus(new Durations().convert(text));
                }
                return text.endsWith("Z")
                        ? Instant.parse(text)
                        : LocalDateTime.parse(text)
                                .atZone(ZoneId.systemDefault())
                                .toInstant();
            } catch (DateTimeException | TypeConversionException e) {
                throw new TypeConversionException("'" + text + "' (expected: a duration as 5m, or a time as"
                        + " 2026-01-31T12:00 or 2026-01-31T12:00:00Z)");
            }
        }
    }
}
