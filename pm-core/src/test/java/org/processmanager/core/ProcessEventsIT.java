package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.event.EventLog;
import org.processmanager.core.event.ProcessEvent;

class ProcessEventsIT {
    private final List<ProcessEvent> events = Collections.synchronizedList(new ArrayList<>());

    @Test
    void run_tellsOfStartAndEnd() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            pm.command("sh", "-c", "exit 3").name("three").acceptAnyExit().run();
        }
        ProcessEvent.ProcessStarted start = assertInstanceOf(ProcessEvent.ProcessStarted.class, events.get(0));
        ProcessEvent.ProcessEnded end = assertInstanceOf(ProcessEvent.ProcessEnded.class, events.get(1));
        assertEquals("three", start.name());
        assertEquals("sh -c exit 3", start.commandLine());
        assertEquals(start.pid(), end.pid());
        assertTrue(end.status().isExit(3), end.toString());
        assertEquals(Cause.OWN_EXIT, end.cause());
        assertEquals(2, events.size());
    }

    @Test
    void start_tellsOfAFailedLaunch() {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(events::add);
            assertThrows(LaunchException.class, () -> pm.command("no-such-program-at-all")
                    .start());
        }
        ProcessEvent.LaunchFailed failed = assertInstanceOf(ProcessEvent.LaunchFailed.class, events.get(0));
        assertTrue(failed.reason().contains("no-such-program-at-all"), failed.reason());
    }

    @Test
    void close_tellsOfWhatItStopped(@TempDir Path folder) {
        EventLog log = EventLog.at(folder.resolve("log"));
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(log);
            pm.command("sleep", "100").start();
        }
        List<ProcessEvent> logged = log.read().events();
        ProcessEvent.ProcessEnded end = assertInstanceOf(ProcessEvent.ProcessEnded.class, logged.get(1));
        assertEquals(Cause.STOPPED, end.cause());
    }

    @Test
    void listener_thatBlocksDelaysNoProcess() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(event -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            pm.addListener(events::add);
            assertEquals(
                    "hi\n",
                    pm.command("echo", "hi")
                            .timeout(Duration.ofSeconds(20))
                            .run()
                            .stdoutText());
            release.countDown();
        }
        assertEquals(2, events.size());
    }
}
