package org.processmanager.examples.app.report;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.BlockedThread;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.event.ProcessEvent.DeadlockFound;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.core.event.ProcessEvent.MessageReceived;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.eventlog.LogRecord.PartyFinished;
import org.processmanager.examples.app.eventlog.Report;

/** The tables of the page. Of long ones the newest rows are shown. */
final class ReportTables {
    private static final int MOST_ROWS = 2000;
    private static final double PERCENT = 100;

    private ReportTables() {}

    /**
     * Writes a table.
     *
     * @param headings of the columns; one that begins with {@code >} is of numbers, with {@code =} of bars, with {@code !} of
     *     words that are not broken
     * @param rows cells by row, escaped already
     */
    private static void write(Markup out, List<String> headings, List<List<String>> rows) {
        List<List<String>> shown = rows.subList(Math.max(0, rows.size() - MOST_ROWS), rows.size());
        if (shown.size() < rows.size()) {
            out.raw("<p class=\"note\">The newest %s of %s rows.</p>", MOST_ROWS, rows.size())
                    .line();
        }
        out.raw("<div class=\"wide\"><table><thead><tr>");
        for (String heading : headings) {
            out.raw("<th class=\"%s\">", cssClass(heading))
                    .text(heading.replaceFirst("^[>=!]", ""))
                    .raw("</th>");
        }
        out.raw("</tr></thead><tbody>").line();
        for (List<String> row : shown) {
            out.raw("<tr>");
            for (int column = 0; column < row.size(); column++) {
                out.raw("<td class=\"%s\">%s</td>", cssClass(headings.get(column)), row.get(column));
            }
            out.raw("</tr>").line();
        }
        out.raw("</tbody></table></div>").line();
    }

    private static String cssClass(String heading) {
        return switch (heading.isEmpty() ? ' ' : heading.charAt(0)) {
            case '>' -> "n";
            case '=' -> "scale";
            case '!' -> "t";
            default -> "w";
        };
    }

    private static String bar(double share, String cssClass) {
        double percent = PERCENT * Math.max(0, Math.min(1, share));
        return new Markup()
                .raw("<span class=\"share %s\" style=\"width:%s%%\"></span>", cssClass, Markup.number(percent))
                .toString();
    }

    /** How often each kind of end occurred, the most frequent first. */
    static void writeExits(Markup out, List<Report.Run> runs) {
        Map<String, List<Report.Run>> byEnd = new TreeMap<>();
        for (Report.Run run : runs) {
            RunOutcome outcome = RunOutcome.of(run);
            String text = run.what().equals("thread") || outcome == RunOutcome.NOT_STARTED
                    ? run.what() + " " + outcome.meaning()
                    : RunOutcome.text(run);
            byEnd.computeIfAbsent(outcome.symbol() + " " + text, key -> new ArrayList<>())
                    .add(run);
        }
        List<Map.Entry<String, List<Report.Run>>> ends = new ArrayList<>(byEnd.entrySet());
        ends.sort(Comparator.comparingInt(end -> -end.getValue().size()));
        int most = ends.isEmpty() ? 1 : ends.get(0).getValue().size();
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, List<Report.Run>> end : ends) {
            int count = end.getValue().size();
            String css = RunOutcome.of(end.getValue().get(0)).cssClass();
            rows.add(List.of(Markup.escape(end.getKey()), Integer.toString(count), bar((double) count / most, css)));
        }
        write(out, List.of("!End", ">Runs", "="), rows);
    }

    /** Producers and consumers of a run: what they moved, and how much of the time they waited. */
    static void writeParties(Markup out, Activity activity) {
        long most = Math.max(
                1,
                activity.parties().stream()
                        .mapToLong(PartyFinished::items)
                        .max()
                        .orElse(1));
        List<List<String>> rows = new ArrayList<>();
        for (PartyFinished party : activity.parties()) {
            long life = Math.max(1, lifetime(activity, party.pid()).toMillis());
            double waited = (double) party.waited().toMillis() / life;
            String css = party.role().equals("producer") ? "l0" : "l1";
            rows.add(List.of(
                    Markup.escape(party.role() + " (" + party.pid() + ")"),
                    Long.toString(party.items()),
                    bar((double) party.items() / most, css),
                    Markup.escape(Durations.shortText(party.waited())),
                    bar(waited, css)));
        }
        write(out, List.of("!Party", ">Items", "=", ">Waited", "=of its lifetime"), rows);
    }

    private static Duration lifetime(Activity activity, long pid) {
        for (Report.Run run : activity.runs()) {
            Duration duration = run.duration();
            if (run.pid() != null && run.pid() == pid && duration != null) {
                return duration;
            }
        }
        return activity.length();
    }

    static void writeRuns(Markup out, List<Report.Run> runs, ZoneId zone) {
        List<List<String>> rows = new ArrayList<>();
        for (Report.Run run : runs) {
            Duration duration = run.duration();
            RunOutcome outcome = RunOutcome.of(run);
            rows.add(List.of(
                    ReportPage.time(run.start(), zone),
                    Markup.escape(run.what()),
                    run.pid() == null ? "" : run.pid().toString(),
                    Markup.escape(run.name()),
                    duration == null ? "" : Durations.shortText(duration),
                    Markup.escape(outcome.symbol() + " " + RunOutcome.text(run)),
                    Markup.escape(run.commandLine())));
        }
        write(out, List.of("!Started", "!What", ">Pid", "Name", ">Lasted", "End", "Command"), rows);
    }

    static void writeChildren(Markup out, List<ChildChanged> changes, ZoneId zone) {
        List<List<String>> rows = new ArrayList<>();
        for (ChildChanged change : changes) {
            rows.add(List.of(
                    ReportPage.time(change.time(), zone),
                    Markup.escape(change.child()),
                    Markup.escape(change.state().name().toLowerCase(Locale.ROOT).replace('_', ' ')),
                    Integer.toString(change.restarts()),
                    Markup.escape(change.reason().orElse(""))));
        }
        write(out, List.of("!Time", "Child", "!State", ">Restarts", "Reason"), rows);
    }

    static void writeMessages(Markup out, List<ProcessEvent> events) {
        Map<String, long[]> byEndpoint = new TreeMap<>();
        for (ProcessEvent event : events) {
            if (event instanceof MessageSent e) {
                count(byEndpoint, e.endpoint(), 0, e.bytes());
            } else if (event instanceof MessageReceived e) {
                count(byEndpoint, e.endpoint(), 2, e.bytes());
            }
        }
        List<List<String>> rows = new ArrayList<>();
        byEndpoint.forEach((endpoint, counts) -> rows.add(List.of(
                Markup.escape(endpoint),
                Long.toString(counts[0]),
                Long.toString(counts[1]),
                Long.toString(counts[2]),
                Long.toString(counts[3]))));
        write(out, List.of("Endpoint", ">Sent", ">Bytes", ">Received", ">Bytes"), rows);
    }

    private static void count(Map<String, long[]> byEndpoint, String endpoint, int column, long bytes) {
        long[] counts = byEndpoint.computeIfAbsent(endpoint, key -> new long[4]);
        counts[column]++;
        counts[column + 1] += bytes;
    }

    static void writeLocks(Markup out, List<LockChanged> changes) {
        Map<String, long[]> byObject = new TreeMap<>();
        for (LockChanged change : changes) {
            byObject.computeIfAbsent(change.object() + " in " + change.region(), key -> new long[3])[
                    change.change().ordinal()]++;
        }
        List<List<String>> rows = new ArrayList<>();
        byObject.forEach((object, counts) -> rows.add(List.of(
                Markup.escape(object),
                Long.toString(counts[LockChanged.Change.ACQUIRED.ordinal()]),
                Long.toString(counts[LockChanged.Change.RELEASED.ordinal()]),
                Long.toString(counts[LockChanged.Change.OWNER_DIED.ordinal()]))));
        write(out, List.of("Object", ">Acquired", ">Released", ">From a dead owner"), rows);
    }

    static void writeDeadlocks(Markup out, List<DeadlockFound> deadlocks, ZoneId zone) {
        Function<BlockedThread, String> describe = thread -> thread.process() + " (" + thread.pid() + ") "
                + thread.name() + " waits for " + thread.object() + " in " + thread.region();
        List<List<String>> rows = new ArrayList<>();
        for (DeadlockFound deadlock : deadlocks) {
            String threads =
                    String.join("; ", deadlock.threads().stream().map(describe).toList());
            rows.add(List.of(ReportPage.time(deadlock.time(), zone), Markup.escape(threads)));
        }
        write(out, List.of("!Found", "Threads"), rows);
    }
}
