package org.processmanager.examples.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Signal;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ThreadOutcome;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.fixtures.Scenario;

class ChromeTraceProperties {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Set<String> PHASES = Set.of("M", "X", "i", "C");

    private record Slice(long from, long to) {
        boolean contains(Slice other) {
            return from <= other.from && other.to <= to;
        }

        boolean isApartFrom(Slice other) {
            return to <= other.from || other.to <= from;
        }
    }

    @Example
    void sampleLog_makesTheKnownTrace() throws Exception {
        Path directory = Files.createTempDirectory("trace");
        try {
            String trace = trace(SampleLog.read(directory).records());
            SampleLog.assertGolden("trace.json", trace.replace("},{\"ph", "},\n{\"ph") + "\n");
        } finally {
            Files.delete(directory.resolve("events.jsonl"));
            Files.delete(directory);
        }
    }

    @Property(tries = 40)
    @Scenario("event-log/7")
    void slicesOfATrack_areNestedOrApart(@ForAll long seed) throws Exception {
        JsonNode trace = new ObjectMapper().readTree(trace(records(new Random(seed))));
        Map<String, List<Slice>> tracks = new HashMap<>();
        Set<String> named = new HashSet<>();
        for (JsonNode event : trace.get("traceEvents")) {
            assertTrue(PHASES.contains(event.get("ph").asText()), event::toString);
            String track = event.get("pid") + "/" + event.get("tid");
            if (event.get("ph").asText().equals("M")) {
                named.add(event.get("name").asText() + " " + track);
            } else {
                assertTrue(event.get("ts").asLong() >= 0, event::toString);
            }
            if (event.get("ph").asText().equals("X")) {
                long from = event.get("ts").asLong();
                tracks.computeIfAbsent(track, key -> new ArrayList<>())
                        .add(new Slice(from, from + event.get("dur").asLong()));
            }
        }
        tracks.forEach((track, slices) -> {
            assertTrue(named.contains("thread_name " + track), track);
            assertTrue(named.contains("process_name " + track.replaceFirst("/.*", "/0")), track);
            for (int i = 0; i < slices.size(); i++) {
                for (int j = 0; j < i; j++) {
                    Slice a = slices.get(i);
                    Slice b = slices.get(j);
                    assertTrue(a.isApartFrom(b) || a.contains(b) || b.contains(a), a + " and " + b + " of " + track);
                }
            }
        });
    }

    @Example
    void emptyLog_isAValidTrace() throws Exception {
        assertEquals(
                0,
                new ObjectMapper().readTree(trace(List.of())).get("traceEvents").size());
    }

    private static String trace(List<LogRecord> records) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            ChromeTrace.write(json, records);
        }
        return text.toString();
    }

    /** Returns records in no sensible order, of few names, pids and objects, at times that often meet. */
    private static List<LogRecord> records(Random random) {
        List<LogRecord> records = new ArrayList<>();
        int count = random.nextInt(80);
        for (int i = 0; i < count; i++) {
            Instant time = NOON.plusMillis(random.nextInt(40) * 100L);
            long reporter = 1 + random.nextInt(2);
            long pid = 10 + random.nextInt(3);
            String name = random.nextBoolean() ? "a" : "\"b\"\n";
            Duration duration = Duration.ofMillis(random.nextInt(20) * 100L);
            records.add(
                    switch (random.nextInt(8)) {
                        case 0, 1 -> event(new ProcessEvent.ProcessStarted(time, reporter, pid, name, name));
                        case 2 ->
                            event(new ProcessEvent.ProcessEnded(
                                    time,
                                    reporter,
                                    pid,
                                    name,
                                    new ExitStatus.Signaled(Signal.KILL, false),
                                    EndReason.OWN_EXIT,
                                    duration));
                        case 3 ->
                            event(new ProcessEvent.ThreadEnded(
                                    time, reporter, name, ThreadOutcome.COMPLETED, Optional.empty(), duration));
                        case 4 -> new LogRecord.ProcessSampled(time, reporter, pid, name, 5, 6, 7);
                        case 5 -> event(new ProcessEvent.ThreadStarted(time, reporter, name, false));
                        default ->
                            event(new ProcessEvent.LockChanged(
                                    time,
                                    reporter,
                                    "r",
                                    name,
                                    random.nextBoolean()
                                            ? ProcessEvent.LockChanged.Change.ACQUIRED
                                            : ProcessEvent.LockChanged.Change.RELEASED));
                    });
        }
        return records;
    }

    private static LogRecord event(ProcessEvent event) {
        return new LogRecord.Event(event);
    }
}
