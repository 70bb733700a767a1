package org.processmanager.examples.app.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Signal;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.LaunchFailed;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.event.ProcessEvent.ThreadEnded;
import org.processmanager.core.event.ProcessEvent.ThreadStarted;
import org.processmanager.core.event.ThreadOutcome;

class ReportTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void startAndEnd_makeOneRun() {
        List<Report.Run> runs = Report.of(
                List.of(started(1, 10, "a"), started(1, 11, "b"), ended(1, 11, "b", 7), ended(1, 10, "a", 0)));
        assertEquals(List.of("a", "b"), runs.stream().map(Report.Run::name).toList());
        assertEquals(
                new Report.End("exited", 7, null, "exit code 7"), runs.get(1).end());
        assertEquals(SECOND, runs.get(1).duration());
        assertEquals(NOON, runs.get(1).start());
    }

    @Test
    void pidThatComesAgain_isAnotherRun() {
        List<Report.Run> runs = Report.of(List.of(
                started(1, 10, "a"),
                ended(1, 10, "a", 1),
                started(1, 10, "b"),
                started(2, 10, "c"),
                ended(1, 10, "b", 2)));
        assertEquals(
                List.of("exit code 1", "exit code 2", "no end in the log"),
                runs.stream().map(run -> run.end().text()).toList());
    }

    @Test
    void endWithoutStart_tellsWhenItBegan() {
        Report.Run run = Report.of(List.of(ended(1, 10, "a", 0))).get(0);
        assertEquals(NOON.minus(SECOND), run.start());
        assertEquals("", run.commandLine());
    }

    @Test
    void everyKindOfEnd_isReported() {
        List<Report.Run> runs = Report.of(List.of(
                new LaunchFailed(NOON, 1, "x", "x y", "not found"),
                new ProcessEnded(
                        NOON, 1, 2, "k", new ExitStatus.Signaled(Signal.KILL, false), EndReason.TERMINATED, SECOND),
                new ProcessEnded(NOON, 1, 3, "u", new ExitStatus.Unknown("stolen"), EndReason.OWN_EXIT, SECOND),
                new ThreadStarted(NOON, 1, "t", false),
                new ThreadEnded(NOON, 1, "t", ThreadOutcome.FAILED, Optional.of("boom"), SECOND),
                new MessageSent(NOON, 1, "mapped:x", 3)));
        assertEquals(
                List.of(
                        new Report.End("notStarted", null, null, "not started: not found"),
                        new Report.End("signaled", null, "KILL", "signal KILL"),
                        new Report.End("unknown", null, null, "unknown status: stolen"),
                        new Report.End("failed", null, null, "failed: boom")),
                runs.stream().map(Report.Run::end).toList());
        assertNull(runs.get(0).pid());
        assertNull(runs.get(0).duration());
        assertEquals("thread", runs.get(3).what());
    }

    private static ProcessEvent started(long reporter, long pid, String name) {
        return new ProcessStarted(NOON, reporter, pid, name, name + " -x");
    }

    private static ProcessEvent ended(long reporter, long pid, String name, int code) {
        return new ProcessEnded(NOON, reporter, pid, name, new ExitStatus.Exited(code), EndReason.OWN_EXIT, SECOND);
    }
}
