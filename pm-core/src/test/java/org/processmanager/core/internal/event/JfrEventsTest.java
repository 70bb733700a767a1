package org.processmanager.core.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.thread.ManagedThread;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.fixtures.Scenario;

class JfrEventsTest {
    @TempDir
    Path directory;

    @Test
    @Scenario("event-log/8")
    void recording_seesStartsAndEnds() throws Exception {
        Path file = directory.resolve("recording.jfr");
        ManagedProcess process;
        try (Recording recording = new Recording();
                ProcessManager manager = ProcessManager.create()) {
            recording.start();
            process = manager.command("sh", "-c", "exit 7").acceptAnyExit().start();
            process.await();
            try {
                manager.command("/no/such/program").start();
            } catch (LaunchException e) {
                // wanted
            }
            try (ManagedThreads threads = ManagedThreads.create()) {
                CountDownLatch done = new CountDownLatch(1);
                ManagedThread thread = threads.start("recorded", cancellation -> done.countDown());
                done.await();
                thread.join(Duration.ofSeconds(30));
            }
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        RecordedEvent start = one(events, "ProcessStart");
        assertEquals(process.pid(), start.getLong("pid"));
        assertEquals("sh -c exit 7", start.getString("commandLine"));
        RecordedEvent exit = one(events, "ProcessExit");
        assertEquals(process.pid(), exit.getLong("pid"));
        assertEquals("exit code 7", exit.getString("status"));
        assertEquals(7, exit.getInt("exitCode"));
        assertNull(exit.getString("signal"));
        assertEquals("OWN_EXIT", exit.getString("endReason"));
        assertTrue(exit.getDuration("lifetime").toNanos() > 0);
        assertTrue(one(events, "ProcessLaunchFailure").getString("reason").contains("/no/such/program"));
        assertEquals("recorded", one(events, "ManagedThreadStart").getString("name"));
        assertEquals("COMPLETED", one(events, "ManagedThreadEnd").getString("outcome"));
    }

    private static RecordedEvent one(List<RecordedEvent> events, String type) {
        List<RecordedEvent> found = events.stream()
                .filter(event -> event.getEventType().getName().equals("org.processmanager." + type))
                .toList();
        assertEquals(1, found.size(), type);
        return found.get(0);
    }
}
