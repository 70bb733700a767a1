package org.processmanager.examples.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.fixtures.Scenario;

class ReportPageTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Pattern OUTSIDE = Pattern.compile("(?i)\\b(src|href|action)\\s*=|@import|url\\((?!#)|<script");

    @TempDir
    Path directory;

    @Test
    void sampleLog_makesTheKnownPage() throws Exception {
        SampleLog.assertGolden("report.html", ReportPage.of(SampleLog.read(directory), ZoneId.of("Europe/Berlin")));
    }

    @Test
    void page_needsNothingFromOutside() throws Exception {
        String page = ReportPage.of(SampleLog.read(directory), ZoneOffset.UTC);
        assertFalse(OUTSIDE.matcher(page).find(), page);
    }

    @Test
    @Scenario("event-log/6")
    void damagedAndLaterRecords_areReported() throws Exception {
        String page = ReportPage.of(SampleLog.read(directory), ZoneOffset.UTC);
        assertTrue(page.contains("1 torn or foreign line(s)"), page);
        assertTrue(page.contains("2 record(s) of a later version"), page);
        assertTrue(page.contains("3 record(s) are missing"), page);
    }

    @Test
    void emptyLog_isSaidToBeEmpty() {
        String page = ReportPage.of(new EventLog.Contents(List.of(), 0, 0), ZoneOffset.UTC);
        assertTrue(page.contains("The event log has no records."), page);
        String damaged = ReportPage.of(new EventLog.Contents(List.of(), 4, 0), ZoneOffset.UTC);
        assertTrue(damaged.contains("4 record(s) of a later version"), damaged);
    }

    @Test
    @Scenario("event-log/5")
    void textsOfTheLog_areNeverMarkup() {
        String evil = "</title></script><img src=x onerror=\"alert('1')\">&\u0000\u202e\n";
        List<ProcessEvent> events = List.of(
                new ProcessStarted(NOON, 1, 2, evil, evil),
                new ProcessEvent.LaunchFailed(NOON, 1, evil, evil, evil),
                new ProcessEvent.ThreadStarted(NOON, 1, evil, true),
                new ProcessEvent.MessageSent(NOON, 1, evil, 1),
                new ProcessEvent.LockChanged(NOON, 1, evil, evil, ProcessEvent.LockChanged.Change.ACQUIRED),
                new ProcessEvent.DeadlockFound(
                        NOON, 1, List.of(new ProcessEvent.BlockedThread(1, evil, 1, evil, evil, evil, List.of(evil)))));
        List<LogRecord> records = new ArrayList<>();
        events.forEach(event -> records.add(new LogRecord.Event(event)));
        records.add(new LogRecord.ProcessSampled(NOON, 1, 2, evil, 1, 1, 1));
        records.add(new LogRecord.PartyFinished(NOON, 1, evil, 2, 1, Duration.ZERO));
        String page = ReportPage.of(new EventLog.Contents(records, 0, 0), ZoneOffset.UTC);
        assertFalse(page.contains("<img") || page.contains("</script"), page);
        assertFalse(page.contains("\u0000") || page.contains("\u202e"), page);
        assertTrue(page.contains(
                "&lt;/title&gt;&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;"));
    }

    @Test
    void processesOfADay_haveReadableTicks() {
        TimeAxis day = new TimeAxis(NOON, Duration.ofHours(25), 0, 1000);
        assertEquals(
                List.of("0", "6 h", "12 h", "18 h", "24 h"),
                day.ticks().stream().map(TimeAxis.Tick::label).toList());
        TimeAxis moment = new TimeAxis(NOON, Duration.ofMillis(31), 0, 1000);
        assertEquals("5 ms", moment.ticks().get(1).label());
        assertEquals(7, moment.ticks().size());
    }
}
