package org.processmanager.examples.app.report;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.event.ProcessEvent.DeadlockFound;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.core.event.ProcessEvent.MessageReceived;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.examples.app.eventlog.LogRecord.EventsLost;
import org.processmanager.examples.app.eventlog.LogRecord.ProcessSampled;
import org.processmanager.examples.app.eventlog.Report;

/**
 * The event log as one page: charts of each activity, the newest first, and tables. It needs nothing outside of itself, has no
 * script, and depends on nothing but the log and the time zone.
 */
public final class ReportPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");
    private static final int MOST_ACTIVITIES = 50;
    private static final int TITLE_CHARS = 60;
    private static final long MIB = 1 << 20;

    private final Markup out = new Markup();
    private final EventLog.Contents contents;
    private final ZoneId zone;
    private final List<Activity> activities;
    private final List<Report.Run> runs = new ArrayList<>();

    private ReportPage(EventLog.Contents contents, ZoneId zone) {
        this.contents = contents;
        this.zone = zone;
        activities = Activity.of(contents.records());
        activities.forEach(activity -> runs.addAll(activity.runs()));
        runs.sort(Comparator.comparing(Report.Run::start));
    }

    /** Returns the page. */
    public static String of(EventLog.Contents contents, ZoneId zone) {
        ReportPage page = new ReportPage(contents, zone);
        page.write();
        return page.out.toString();
    }

    static String time(Instant time, ZoneId zone) {
        return TIME.format(time.atZone(zone));
    }

    private void write() {
        out.raw("<!DOCTYPE html>").line().raw("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.raw(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
                .line()
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .raw("<title>Process report</title><style>")
                .line()
                .raw(PageStyle.CSS)
                .raw("</style></head><body>")
                .line()
                .raw("<svg class=\"hidden\" aria-hidden=\"true\"><pattern id=\"stripes\" width=\"6\" height=\"6\""
                        + " patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                        + "<rect width=\"2.5\" height=\"6\" style=\"fill:var(--stripe)\"/></pattern></svg>")
                .line()
                .raw("<h1>Process report</h1>")
                .line();
        writeSpan();
        writeWarnings();
        if (!contents.records().isEmpty()) {
            writeFacts();
            writeActivities();
            writeTables();
        }
        out.raw("</body></html>").line();
    }

    private void writeSpan() {
        List<LogRecord> records = contents.records();
        if (records.isEmpty()) {
            out.raw("<p>The event log has no records. <code>pm run --record -- PROGRAM</code> writes some.</p>")
                    .line();
            return;
        }
        Instant first = records.stream()
                .map(LogRecord::time)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Instant last = records.stream()
                .map(LogRecord::time)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        out.raw("<p class=\"sub\">%s to %s, times in ", time(first, zone), time(last, zone))
                .text(zone.getId())
                .raw("</p>")
                .line();
    }

    private void writeWarnings() {
        List<String> warnings = new ArrayList<>();
        if (contents.torn() > 0) {
            warnings.add(contents.torn() + " torn or foreign line(s) of the log were skipped.");
        }
        if (contents.unknown() > 0) {
            warnings.add(contents.unknown() + " record(s) of a later version were skipped: a newer pm shows them.");
        }
        long lost = contents.records().stream()
                .mapToLong(entry -> entry instanceof EventsLost e ? e.records() : 0)
                .sum();
        if (lost > 0) {
            warnings.add(lost + " record(s) are missing, because the log could not be written.");
        }
        for (String warning : warnings) {
            out.raw("<p class=\"warn\">\u26a0 ").text(warning).raw("</p>").line();
        }
    }

    private void writeFacts() {
        Map<RunOutcome, Integer> counts = new EnumMap<>(RunOutcome.class);
        runs.forEach(run -> counts.merge(RunOutcome.of(run), 1, Integer::sum));
        out.raw("<ul class=\"facts\"><li><b>%s</b>processes and threads</li>", runs.size());
        counts.forEach((outcome, count) ->
                out.raw("<li><b>%s %s</b>%s</li>", outcome.symbol(), count, Markup.escape(outcome.meaning())));
        out.raw("</ul>").line();
        if (!runs.isEmpty()) {
            out.raw("<h2>Exits by kind</h2>").line();
            ReportTables.writeExits(out, runs);
        }
    }

    private void writeActivities() {
        List<Activity> drawable =
                new ArrayList<>(activities.stream().filter(Activity::isDrawable).toList());
        if (drawable.isEmpty()) {
            return;
        }
        drawable.sort(Comparator.comparing(Activity::start).reversed());
        out.raw("<h2>Timelines</h2>").line();
        if (drawable.size() > MOST_ACTIVITIES) {
            out.raw("<p class=\"note\">The newest %s of %s are drawn.</p>", MOST_ACTIVITIES, drawable.size())
                    .line();
        }
        drawable.stream().limit(MOST_ACTIVITIES).forEach(this::writeActivity);
    }

    private void writeActivity(Activity activity) {
        String what =
                activity.runs().isEmpty() ? "load" : activity.runs().get(0).name();
        int more = activity.runs().size() - 1;
        out.raw("<section class=\"activity\"><h3>")
                .text(Markup.shortened(what, TITLE_CHARS) + (more > 0 ? " and " + more + " more" : ""))
                .raw("</h3><p class=\"sub\">from %s, ", time(activity.start(), zone))
                .text(Durations.shortText(activity.length()))
                .raw(", reported by process %s</p>", activity.reporter())
                .line();
        if (!activity.runs().isEmpty()) {
            TimelineChart.write(out, activity, zone);
        }
        if (!activity.samples().isEmpty()) {
            out.raw("<p class=\"note\">Each line is a process together with its descendants.</p>")
                    .line();
            LoadChart.write(
                    out, activity, "CPU", ProcessSampled::cpuPercent, ReportPage::percentAbove, value -> value + " %");
            LoadChart.write(
                    out,
                    activity,
                    "Memory",
                    ProcessSampled::residentBytes,
                    ReportPage::bytesAbove,
                    value -> value / MIB + " MiB");
        }
        if (!activity.parties().isEmpty()) {
            ReportTables.writeParties(out, activity);
        }
        out.raw("</section>").line();
    }

    /** Rounds up to 100 % of one, two, four, ... CPUs. */
    private static long percentAbove(long value) {
        long top = 100;
        while (top < value) {
            top *= 2;
        }
        return top;
    }

    /** Rounds up to 2 MiB, 4, 8, ... */
    private static long bytesAbove(long value) {
        long top = 2 * MIB;
        while (top < value) {
            top *= 2;
        }
        return top;
    }

    private void writeTables() {
        List<ProcessEvent> events = contents.events();
        if (!runs.isEmpty()) {
            out.raw("<h2>Processes and threads</h2>").line();
            ReportTables.writeRuns(out, runs, zone);
        }
        List<ChildChanged> children = of(events, ChildChanged.class);
        if (!children.isEmpty()) {
            out.raw("<h2>Supervised</h2>").line();
            ReportTables.writeChildren(out, children, zone);
        }
        if (events.stream().anyMatch(e -> e instanceof MessageSent || e instanceof MessageReceived)) {
            out.raw("<h2>Messages</h2>").line();
            ReportTables.writeMessages(out, events);
        }
        List<LockChanged> locks = of(events, LockChanged.class);
        if (!locks.isEmpty()) {
            out.raw("<h2>Locks</h2>").line();
            ReportTables.writeLocks(out, locks);
        }
        List<DeadlockFound> deadlocks = of(events, DeadlockFound.class);
        if (!deadlocks.isEmpty()) {
            out.raw("<h2>Deadlocks</h2>").line();
            ReportTables.writeDeadlocks(out, deadlocks, zone);
        }
    }

    private static <E extends ProcessEvent> List<E> of(List<ProcessEvent> events, Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
