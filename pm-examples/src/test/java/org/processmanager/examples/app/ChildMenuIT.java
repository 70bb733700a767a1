package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.examples.app.PmApp.Running;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Suspended;

/** The menu of a child, when something happens to the child. */
@Timeout(180)
class ChildMenuIT {
    @RegisterExtension
    static final LeakCheck LEAKS = PmApp.leakCheck();

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern OPENED = Pattern.compile("names a child JVM \\(pid (\\d+)\\)");

    @Test
    void childKilledWhileItsMenuWaits_isReported() throws Exception {
        try (Running menu = PmApp.of("menu").dialog().start()) {
            long child = openChild(menu);
            kill("KILL", child);
            Eventually.assertThat(
                    SOON, "its end is reported", () -> menu.out().contains("kid (pid " + child + ") ended: "));
            menu.type("6");
            menu.type("9");
            Outcome outcome = menu.await().assertExit(0);
            String status = NativeLayer.available() ? "signal KILL" : "exit code 137";
            assertTrue(
                    outcome.out().contains("kid (pid " + child + ") ended: " + status + " after "), outcome::toString);
            assertTrue(outcome.out().endsWith("entry:\n"), outcome::toString);
            assertTrue(outcome.out().contains("\nnothing there\n"), outcome::toString);
            assertEquals("", outcome.err());
            assertEquals(List.of(), MenuIT.filesOf(menu));
        }
    }

    @Test
    void childKilledDuringARequest_isReported() throws Exception {
        try (Running menu = PmApp.of("menu").dialog().start()) {
            long child = openChild(menu);
            kill("STOP", child);
            Suspended.await(child);
            menu.type("2"); // waits for a reply that will not come
            Eventually.assertStays(
                    Duration.ofMillis(500), "waiting", () -> menu.out().endsWith("kid:\n"));
            kill("KILL", child);
            menu.type("9");
            Outcome outcome = menu.await().assertExit(0);
            assertTrue(outcome.out().contains("kid (pid " + child + ") ended: "), outcome::toString);
        }
    }

    @Test
    void suspendedChild_isReportedAndCanBeLeft() throws Exception {
        try (Running menu = PmApp.of("menu").dialog().start()) {
            long child = openChild(menu);
            kill("STOP", child);
            Suspended.await(child);
            menu.type("1\nlate");
            Eventually.assertThat(SOON, "it is asked again", () -> menu.out().split("kid:\n", -1).length == 3);
            kill("CONT", child);
            menu.type("3\nlate"); // the late reply to the first request is discarded
            Eventually.assertThat(
                    SOON, "the reply", () -> menu.out().contains("\nthread late ended: cancelled after "));
            kill("STOP", child);
            Suspended.await(child);
            menu.type("4\n9");
            Outcome outcome = menu.await().assertExit(0);
            String complaint = "pm: kid (pid " + child + ") does not answer; it is suspended\n";
            assertEquals(complaint, outcome.err());
            assertTrue(outcome.out().contains("kid (pid " + child + ") ended: "), outcome::toString);
            assertTrue(ProcessHandle.of(child).isEmpty());
        }
    }

    private static long openChild(Running menu) throws IOException {
        menu.type("1\nkid");
        Eventually.assertThat(SOON, "the child's menu", () -> menu.out().endsWith("kid:\n"));
        Matcher opened = OPENED.matcher(menu.out());
        assertTrue(opened.find(), menu::out);
        return Long.parseLong(opened.group(1));
    }

    private static void kill(String signal, long pid) throws Exception {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " " + pid).start();
        assertTrue(kill.waitFor(20, TimeUnit.SECONDS) && kill.exitValue() == 0);
    }
}
