package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.examples.app.PmApp.Running;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/** {@code pm demo} with threads, and at chosen rates. */
@Timeout(180)
class DemoThreadsIT {
    @RegisterExtension
    static final LeakCheck LEAKS = PmApp.leakCheck();

    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void threads_passEverythingAsProcessesDo() throws Exception {
        Path file = Files.writeString(tmp.path("text"), "To be, or\tnot  to be:\r\n\r\n that is\n".repeat(3000));
        Outcome outcome =
                pm("demo", "--threads", "--producers", "3", "--consumers", "2", "--json", "--input", file.toString());
        JsonNode json = outcome.assertExit(0).json();
        assertEquals(9000, json.get("items").longValue());
        assertEquals(24_000, json.get("words").longValue());
        for (String none : new String[] {"lost", "duplicated", "redelivered"}) {
            assertEquals(0, json.get(none).longValue());
        }
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of(
                        "items",
                        "words",
                        "lost",
                        "duplicated",
                        "redelivered",
                        "itemsPerSecond",
                        "expected",
                        "parties",
                        "killed"),
                names);
        assertEquals(5, json.get("parties").size());
        for (JsonNode party : json.get("parties")) {
            assertEquals(outcome.pid(), party.get("pid").longValue(), "a thread of pm itself");
            assertEquals(0, party.get("exit").intValue());
        }
        assertEquals("", outcome.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads", "--delay=0s"})
    void rates_areKept(String form) throws Exception {
        Path file = Files.writeString(tmp.path("lines"), "a line\n".repeat(5));
        JsonNode json = pm(
                        "demo",
                        form,
                        "--producers",
                        "1",
                        "--consumers",
                        "1",
                        "--produce-every",
                        "100ms",
                        "--consume-every",
                        "0.3s",
                        "--json",
                        "--input",
                        file.toString())
                .assertExit(0)
                .json();
        assertEquals(5, json.get("items").longValue());
        // the first at once, the others 0.3 s after each other: 5 in 1.2 s or more
        assertTrue(json.get("itemsPerSecond").longValue() <= 4, json::toString);
    }

    @Test
    void slowProducer_letsTheConsumerWait() throws Exception {
        Path file = Files.writeString(tmp.path("lines"), "a line\n".repeat(5));
        JsonNode json = pm(
                        "demo",
                        "--threads",
                        "--producers",
                        "1",
                        "--consumers",
                        "1",
                        "--produce-every",
                        "300ms",
                        "--delay",
                        "0s",
                        "--json",
                        "--input",
                        file.toString())
                .assertExit(0)
                .json();
        assertEquals(0, json.get("parties").get(0).get("waitedMillis").longValue(), "there is always room");
        // the last line comes after 1.2 s; the consumer may have begun late, on a machine that is busy
        assertTrue(json.get("parties").get(1).get("waitedMillis").longValue() >= 300, json::toString);
    }

    @Test
    void delay_isHowMuchLaterTheConsumersBegin() throws Exception {
        Path file = Files.writeString(tmp.path("lines"), "a line\n".repeat(2000));
        JsonNode json = pm(
                        "demo",
                        "--threads",
                        "--producers",
                        "1",
                        "--consumers",
                        "1",
                        "--delay",
                        "1s",
                        "--json",
                        "--input",
                        file.toString())
                .assertExit(0)
                .json();
        assertTrue(json.get("itemsPerSecond").longValue() <= 2000, json::toString);
    }

    @Test
    void fileThatChangesMeanwhile_isReported() throws Exception {
        Path file = Files.writeString(tmp.path("large"), "some words on a line\n".repeat(100_000));
        try (Running demo = PmApp.of(
                        "demo",
                        "--threads",
                        "--producers",
                        "1",
                        "--consumers",
                        "1",
                        "--delay",
                        "2s",
                        "--json",
                        "--input",
                        file.toString())
                .start()) {
            String prefix = "demo-" + demo.pid() + "-";
            Eventually.assertThat(
                    SOON, "the run has begun", () -> !MenuIT.sharedFiles(prefix).isEmpty());
            Files.writeString(file, "short\n");
            Outcome outcome = demo.await().assertExit(1);
            assertEquals(1, outcome.err().lines().count(), outcome::toString);
            assertTrue(outcome.err().startsWith("pm: producer 0 ended too early: "), outcome::toString);
            assertTrue(outcome.json().get("lost").longValue() > 0);
        }
    }

    @Test
    void interruptedRun_leavesNothing() throws Exception {
        Path file = Files.writeString(tmp.path("lines"), "a line\n".repeat(100));
        try (Running demo = PmApp.of("demo", "--threads", "--produce-every", "10s", "--input", file.toString())
                .asProcess()
                .start()) {
            String prefix = "demo-" + demo.pid() + "-";
            Eventually.assertThat(
                    SOON, "the run has begun", () -> MenuIT.sharedFiles(prefix).size() == 2);
            demo.signal("INT");
            demo.await().assertExit(130);
            assertEquals(List.of(), MenuIT.sharedFiles(prefix));
        }
    }
}
