package org.processmanager.examples.app.eventlog;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Signal;
import org.processmanager.core.event.ChildState;
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
import org.processmanager.core.event.ThreadOutcome;
import org.processmanager.core.thread.ThreadKind;
import org.processmanager.examples.app.eventlog.LogRecord.EventsLost;
import org.processmanager.examples.app.eventlog.LogRecord.PartyFinished;
import org.processmanager.examples.app.eventlog.LogRecord.ProcessSampled;

/**
 * Records as JSON objects, version 1: {@code v}, {@code time} (ISO 8601, UTC), {@code type}, {@code reporter}, and the fields
 * of the type; durations are {@code durationMillis}. The schema is docs/event-log.md. Unknown fields are ignored; records of
 * unknown types, or with an unknown word in a field of words, are skipped.
 */
final class EventCodec {
    /** Grows when a field changes its meaning or is removed, but not for new fields, types and words. */
    static final int VERSION = 1;

    /** Longer texts, such as command lines of a thousand files, are cut to keep the log readable. */
    static final int MAX_TEXT_CHARS = 8192;

    private EventCodec() {}

    /** Returns a record as one line, without its terminator. */
    static String write(LogRecord entry) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("v", VERSION);
        out.put("time", entry.time().toString());
        out.put("type", ""); // reserves its position
        out.put("reporter", entry.reporter());
        if (entry instanceof LogRecord.Event e) {
            put(out, e.event());
        } else if (entry instanceof ProcessSampled e) {
            out.put("type", "process.sampled");
            out.put("pid", e.pid());
            out.put("name", e.name());
            out.put("cpuPercent", e.cpuPercent());
            out.put("residentBytes", e.residentBytes());
            out.put("processes", e.processes());
        } else if (entry instanceof PartyFinished e) {
            out.put("type", "party.finished");
            out.put("role", e.role());
            out.put("pid", e.pid());
            out.put("items", e.items());
            out.put("waitedMillis", e.waited().toMillis());
        } else if (entry instanceof EventsLost e) {
            out.put("type", "log.lost");
            out.put("records", e.records());
        }
        out.replaceAll((key, value) -> value instanceof String text ? cut(text) : value);
        return JsonFields.toJson(out);
    }

    private static void put(Map<String, @Nullable Object> out, ProcessEvent event) {
        if (event instanceof ProcessStarted e) {
            out.put("type", "process.started");
            out.put("pid", e.pid());
            out.put("name", e.name());
            out.put("commandLine", e.commandLine());
        } else if (event instanceof LaunchFailed e) {
            out.put("type", "process.notStarted");
            out.put("name", e.name());
            out.put("commandLine", e.commandLine());
            out.put("reason", e.reason());
        } else if (event instanceof ProcessEnded e) {
            out.put("type", "process.ended");
            out.put("pid", e.pid());
            out.put("name", e.name());
            putStatus(out, e.status());
            out.put("endReason", e.endReason().name());
            out.put("durationMillis", e.duration().toMillis());
        } else if (event instanceof ThreadStarted e) {
            out.put("type", "thread.started");
            out.put("name", e.name());
            out.put("kind", e.virtual() ? "virtual" : "platform");
        } else if (event instanceof ThreadEnded e) {
            out.put("type", "thread.ended");
            out.put("name", e.name());
            out.put("outcome", lower(e.outcome()));
            out.put("failure", e.failure().orElse(null));
            out.put("durationMillis", e.duration().toMillis());
        } else if (event instanceof ChildChanged e) {
            out.put("type", "child.changed");
            out.put("name", e.child());
            out.put("state", lower(e.state()));
            out.put("restarts", (long) e.restarts());
            out.put("reason", e.reason().orElse(null));
        } else if (event instanceof MessageSent e) {
            out.put("type", "message.sent");
            out.put("endpoint", e.endpoint());
            out.put("bytes", e.bytes());
        } else if (event instanceof MessageReceived e) {
            out.put("type", "message.received");
            out.put("endpoint", e.endpoint());
            out.put("bytes", e.bytes());
        } else if (event instanceof LockChanged e) {
            out.put("type", "lock." + camel(e.change()));
            out.put("region", e.region());
            out.put("object", e.object());
        } else if (event instanceof DeadlockFound e) {
            out.put("type", "lock.deadlock");
            out.put("threads", e.threads().stream().map(EventCodec::toMap).toList());
        }
    }

    private static Map<String, @Nullable Object> toMap(BlockedThread thread) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("pid", thread.pid());
        out.put("process", thread.process());
        out.put("thread", thread.thread());
        out.put("name", thread.name());
        out.put("region", thread.region());
        out.put("object", thread.object());
        out.put("stack", cut(String.join("\n", thread.stack())));
        return out;
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT_CHARS ? text : text.substring(0, MAX_TEXT_CHARS - 1) + "\u2026";
    }

    /**
     * Returns the record of a line, or empty if it is of a later version, or has an unknown type or word.
     *
     * @throws IllegalArgumentException if the line is torn, or not of this program
     */
    static Optional<LogRecord> read(String line) {
        JsonFields in = JsonFields.parse(line);
        if (in.number("v") > VERSION) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(read(in));
        } catch (JsonFields.UnknownWordException e) {
            return Optional.empty();
        }
    }

    private static @Nullable LogRecord read(JsonFields in) {
        Instant time = in.time("time");
        long reporter = in.number("reporter");
        String type = in.text("type");
        return switch (type) {
            case "process.sampled" ->
                new ProcessSampled(
                        time,
                        reporter,
                        in.number("pid"),
                        in.text("name"),
                        in.number("cpuPercent"),
                        in.number("residentBytes"),
                        in.number("processes"));
            case "party.finished" ->
                new PartyFinished(
                        time,
                        reporter,
                        in.text("role"),
                        in.number("pid"),
                        in.number("items"),
                        in.millis("waitedMillis"));
            case "log.lost" -> new EventsLost(time, reporter, in.number("records"));
            default -> {
                ProcessEvent event = event(in, time, reporter, type);
                yield event == null ? null : new LogRecord.Event(event);
            }
        };
    }

    private static @Nullable ProcessEvent event(JsonFields in, Instant time, long reporter, String type) {
        return switch (type) {
            case "process.started" ->
                new ProcessStarted(time, reporter, in.number("pid"), in.text("name"), in.text("commandLine"));
            case "process.notStarted" ->
                new LaunchFailed(time, reporter, in.text("name"), in.text("commandLine"), in.text("reason"));
            case "process.ended" ->
                new ProcessEnded(
                        time,
                        reporter,
                        in.number("pid"),
                        in.text("name"),
                        status(in),
                        in.constant("endReason", EndReason.class),
                        in.millis("durationMillis"));
            case "thread.started" ->
                new ThreadStarted(
                        time, reporter, in.text("name"), in.constant("kind", ThreadKind.class) == ThreadKind.VIRTUAL);
            case "thread.ended" ->
                new ThreadEnded(
                        time,
                        reporter,
                        in.text("name"),
                        in.constant("outcome", ThreadOutcome.class),
                        Optional.ofNullable(in.textOrNull("failure")),
                        in.millis("durationMillis"));
            case "child.changed" ->
                new ChildChanged(
                        time,
                        reporter,
                        in.text("name"),
                        in.constant("state", ChildState.class),
                        (int) in.number("restarts"),
                        Optional.ofNullable(in.textOrNull("reason")));
            case "message.sent" -> new MessageSent(time, reporter, in.text("endpoint"), in.number("bytes"));
            case "message.received" -> new MessageReceived(time, reporter, in.text("endpoint"), in.number("bytes"));
            case "lock.acquired" -> lock(in, time, reporter, LockChanged.Change.ACQUIRED);
            case "lock.released" -> lock(in, time, reporter, LockChanged.Change.RELEASED);
            case "lock.ownerDied" -> lock(in, time, reporter, LockChanged.Change.OWNER_DIED);
            case "lock.deadlock" ->
                new DeadlockFound(
                        time,
                        reporter,
                        in.objects("threads").stream().map(EventCodec::thread).toList());
            default -> null;
        };
    }

    private static BlockedThread thread(JsonFields in) {
        String stack = in.text("stack");
        return new BlockedThread(
                in.number("pid"),
                in.text("process"),
                in.number("thread"),
                in.text("name"),
                in.text("region"),
                in.text("object"),
                stack.isEmpty() ? List.of() : List.of(stack.split("\n")));
    }

    private static LockChanged lock(JsonFields in, Instant time, long reporter, LockChanged.Change change) {
        return new LockChanged(time, reporter, in.text("region"), in.text("object"), change);
    }

    private static void putStatus(Map<String, @Nullable Object> out, ExitStatus status) {
        if (status instanceof ExitStatus.Exited exited) {
            out.put("status", "exited");
            out.put("code", exited.code());
        } else if (status instanceof ExitStatus.Signaled signaled) {
            out.put("status", "signaled");
            out.put("signal", signaled.signal().name());
            out.put("signalNumber", signaled.signal().number());
            out.put("coreDumped", signaled.coreDumped());
        } else if (status instanceof ExitStatus.Unknown unknown) {
            out.put("status", "unknown");
            out.put("reason", unknown.reason());
        }
    }

    private static ExitStatus status(JsonFields in) {
        String kind = in.text("status");
        return switch (kind) {
            case "exited" -> new ExitStatus.Exited((int) in.number("code"));
            case "signaled" ->
                new ExitStatus.Signaled(new Signal((int) in.number("signalNumber")), in.flag("coreDumped"));
            case "unknown" -> new ExitStatus.Unknown(in.text("reason"));
            default -> throw new JsonFields.UnknownWordException("status: " + kind);
        };
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String camel(LockChanged.Change change) {
        return change == LockChanged.Change.OWNER_DIED ? "ownerDied" : lower(change);
    }
}
