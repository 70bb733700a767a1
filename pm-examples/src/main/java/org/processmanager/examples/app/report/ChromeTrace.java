package org.processmanager.examples.app.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.event.ProcessEvent.DeadlockFound;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.core.event.ProcessEvent.MessageReceived;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.examples.app.eventlog.LogRecord.EventsLost;
import org.processmanager.examples.app.eventlog.LogRecord.PartyFinished;
import org.processmanager.examples.app.eventlog.LogRecord.ProcessSampled;
import org.processmanager.examples.app.eventlog.Report;

/**
 * The event log in the trace event format of Chrome, which chrome://tracing and Perfetto open. A reporter is a process of the
 * trace; its tracks are the names of what it started, and the locks that it held. On a track, two slices are one after the
 * other, or one within the other. Times are microseconds since the first moment of the log.
 */
public final class ChromeTrace {
    private static final int OWN_TRACK = 0;

    private final List<TraceEvent> events = new ArrayList<>();
    private final Instant start;

    /**
     * An event of the trace.
     *
     * @param micros its time, or that of its begin
     * @param length of a slice in microseconds; -1 for others
     * @param args numbers and texts
     */
    private record TraceEvent(
            String phase, String name, long pid, int track, long micros, long length, Map<String, Object> args) {}

    private ChromeTrace(Instant start) {
        this.start = start;
    }

    /** Writes the trace of a log as one JSON object. */
    public static void write(JsonGenerator json, List<LogRecord> records) throws IOException {
        List<Activity> activities = Activity.of(records);
        Instant start = activities.stream()
                .map(Activity::start)
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        ChromeTrace trace = new ChromeTrace(start);
        Set<Long> pids = new HashSet<>();
        for (Activity activity : activities) {
            long pid = activity.reporter();
            while (!pids.add(pid)) {
                pid++; // the same number again, of another process
            }
            trace.add(activity, pid);
        }
        trace.write(json);
    }

    private void add(Activity activity, long pid) {
        String name = activity.runs().isEmpty()
                ? "pm"
                : "pm: " + activity.runs().get(0).name();
        addName("process_name", name + " (" + activity.reporter() + ")", pid, OWN_TRACK);
        addName("thread_name", "events", pid, OWN_TRACK);
        Tracks tracks = new Tracks();
        List<Report.Run> runs = new ArrayList<>(activity.runs());
        runs.sort(Comparator.comparing(Report.Run::start));
        for (Report.Run run : runs) {
            long from = micros(run.start());
            Duration duration = run.duration();
            long to = Math.max(
                    from, micros(duration == null ? activity.end() : run.start().plus(duration)));
            addRun(run, pid, tracks.place(run.name(), from, to), from, to);
        }
        for (LogRecord entry : activity.records()) {
            addRecord(entry, pid);
        }
        addLocks(activity, pid, tracks);
        for (Tracks.Track track : tracks.all()) {
            addName("thread_name", track.name(), pid, track.id());
        }
    }

    private void addName(String kind, String name, long pid, int track) {
        events.add(new TraceEvent("M", kind, pid, track, -1, -1, Map.of("name", name)));
    }

    private void addInstant(String name, long pid, int track, long micros) {
        events.add(new TraceEvent("i", name, pid, track, micros, -1, Map.of()));
    }

    private void addRun(Report.Run run, long pid, int track, long from, long to) {
        RunOutcome outcome = RunOutcome.of(run);
        String end = RunOutcome.text(run);
        if (outcome != RunOutcome.NOT_STARTED) {
            Map<String, Object> args = run.pid() == null
                    ? Map.of("end", end)
                    : Map.of("pid", run.pid(), "commandLine", run.commandLine(), "end", end);
            events.add(new TraceEvent("X", run.name(), pid, track, from, to - from, args));
        }
        if (outcome != RunOutcome.OK && outcome != RunOutcome.UNKNOWN) {
            addInstant(run.name() + ": " + end, pid, track, to);
        }
    }

    private void addRecord(LogRecord entry, long pid) {
        long micros = micros(entry.time());
        if (entry instanceof ProcessSampled e) {
            String what = e.name() + " (" + e.pid() + ")";
            addCounter("CPU of " + what, pid, micros, "percent", e.cpuPercent());
            addCounter("memory of " + what, pid, micros, "bytes", e.residentBytes());
        } else if (entry instanceof PartyFinished e) {
            addInstant(
                    e.role() + " " + e.pid() + ": " + e.items() + " items, waited "
                            + e.waited().toMillis() + " ms",
                    pid,
                    OWN_TRACK,
                    micros);
        } else if (entry instanceof EventsLost e) {
            addInstant(e.records() + " records lost", pid, OWN_TRACK, micros);
        } else if (entry instanceof LogRecord.Event e) {
            addEvent(e.event(), pid, micros);
        }
    }

    private void addCounter(String name, long pid, long micros, String unit, long value) {
        events.add(new TraceEvent("C", name, pid, OWN_TRACK, micros, -1, Map.of(unit, value)));
    }

    private void addEvent(ProcessEvent event, long pid, long micros) {
        if (event instanceof ChildChanged e) {
            addInstant(e.child() + ": " + e.state(), pid, OWN_TRACK, micros);
        } else if (event instanceof MessageSent e) {
            addInstant(e.bytes() + " bytes to " + e.endpoint(), pid, OWN_TRACK, micros);
        } else if (event instanceof MessageReceived e) {
            addInstant(e.bytes() + " bytes from " + e.endpoint(), pid, OWN_TRACK, micros);
        } else if (event instanceof DeadlockFound e) {
            addInstant("deadlock of " + e.threads().size() + " threads", pid, OWN_TRACK, micros);
        } else if (event instanceof LockChanged e && e.change() == LockChanged.Change.OWNER_DIED) {
            addInstant("owner of " + e.object() + " died", pid, OWN_TRACK, micros);
        }
    }

    private void addLocks(Activity activity, long pid, Tracks tracks) {
        for (LockHold hold : LockHold.of(activity.records())) {
            long from = micros(hold.acquired());
            long to = micros(hold.released());
            int track = tracks.placeNested("lock " + hold.object(), from, to);
            events.add(
                    new TraceEvent("X", hold.object(), pid, track, from, to - from, Map.of("region", hold.region())));
        }
    }

    private long micros(Instant time) {
        return ChronoUnit.MICROS.between(start, time);
    }

    private void write(JsonGenerator json) throws IOException {
        events.sort(Comparator.comparingLong(TraceEvent::micros)
                .thenComparing(Comparator.comparingLong(TraceEvent::length).reversed()));
        json.writeStartObject();
        json.writeStringField("displayTimeUnit", "ms");
        json.writeObjectFieldStart("otherData");
        json.writeStringField("startTime", start.toString());
        json.writeEndObject();
        json.writeArrayFieldStart("traceEvents");
        for (TraceEvent event : events) {
            write(json, event);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, TraceEvent event) throws IOException {
        json.writeStartObject();
        json.writeStringField("ph", event.phase());
        json.writeStringField("name", event.name());
        json.writeNumberField("pid", event.pid());
        json.writeNumberField("tid", event.track());
        if (!event.phase().equals("M")) {
            json.writeNumberField("ts", event.micros());
        }
        if (event.length() >= 0) {
            json.writeNumberField("dur", event.length());
        }
        if (event.phase().equals("i")) {
            json.writeStringField("s", "t");
        }
        if (!event.args().isEmpty()) {
            json.writeObjectFieldStart("args");
            for (Map.Entry<String, Object> arg : new TreeMap<>(event.args()).entrySet()) {
                json.writeFieldName(arg.getKey());
                if (arg.getValue() instanceof Long number) {
                    json.writeNumber(number);
                } else {
                    json.writeString(arg.getValue().toString());
                }
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
