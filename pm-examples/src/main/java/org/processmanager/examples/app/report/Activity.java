package org.processmanager.examples.app.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.examples.app.eventlog.LogRecord.PartyFinished;
import org.processmanager.examples.app.eventlog.LogRecord.ProcessSampled;
import org.processmanager.examples.app.eventlog.Report;

/**
 * What one process, such as a {@code pm run}, has reported.
 *
 * @param reporter its pid
 * @param start its first moment in the log
 * @param end its last one
 * @param records all of its records
 * @param runs what it started, in the order of their first events
 * @param samples the loads that it measured
 * @param parties its producers and consumers
 */
record Activity(
        long reporter,
        Instant start,
        Instant end,
        List<LogRecord> records,
        List<Report.Run> runs,
        List<ProcessSampled> samples,
        List<PartyFinished> parties) {
    /** After this silence, with nothing left running, the same pid is taken for another process. */
    private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

    /** Returns what the reporters did, in the order of their first records. */
    static List<Activity> of(List<LogRecord> records) {
        List<Segment> segments = new ArrayList<>();
        Map<Long, Segment> current = new HashMap<>();
        for (LogRecord entry : records) {
            Segment segment = current.get(entry.reporter());
            if (segment == null || segment.isOverAt(entry.time())) {
                segment = new Segment();
                current.put(entry.reporter(), segment);
                segments.add(segment);
            }
            segment.add(entry);
        }
        return segments.stream().map(Segment::toActivity).toList();
    }

    Duration length() {
        return Duration.between(start, end);
    }

    /** Returns whether there is something to draw. */
    boolean isDrawable() {
        return !runs.isEmpty() || !samples.isEmpty() || !parties.isEmpty();
    }

    private static final class Segment {
        private final List<LogRecord> records = new ArrayList<>();
        private int running;

        boolean isOverAt(Instant time) {
            Instant last = records.get(records.size() - 1).time();
            return running <= 0 && Duration.between(last, time).compareTo(LONGEST_SILENCE) > 0;
        }

        void add(LogRecord entry) {
            records.add(entry);
            if (entry instanceof LogRecord.Event e) {
                running += e.event() instanceof ProcessStarted ? 1 : 0;
                running -= e.event() instanceof ProcessEnded ? 1 : 0;
            }
        }

        Activity toActivity() {
            List<ProcessEvent> events = new ArrayList<>();
            List<ProcessSampled> samples = new ArrayList<>();
            List<PartyFinished> parties = new ArrayList<>();
            List<Instant> moments = new ArrayList<>();
            for (LogRecord entry : records) {
                moments.add(entry.time());
                if (entry instanceof LogRecord.Event e) {
                    events.add(e.event());
                } else if (entry instanceof ProcessSampled sample) {
                    samples.add(sample);
                } else if (entry instanceof PartyFinished party) {
                    parties.add(party);
                }
            }
            List<Report.Run> runs = Report.of(events);
            for (Report.Run run : runs) {
                moments.add(run.start());
                moments.add(run.start().plus(run.duration() == null ? Duration.ZERO : run.duration()));
            }
            moments.sort(Comparator.naturalOrder());
            return new Activity(
                    records.get(0).reporter(),
                    moments.get(0),
                    moments.get(moments.size() - 1),
                    records,
                    runs,
                    samples,
                    parties);
        }
    }
}
