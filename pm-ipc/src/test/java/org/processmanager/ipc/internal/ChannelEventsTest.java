package org.processmanager.ipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.Hold;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;
import org.processmanager.sync.WaitGraph;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;

/** What a recording of the JDK's flight recorder has of channels and of what they are made of. */
@Timeout(120)
class ChannelEventsTest {
    private static final int DEAD_PID = 4242;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    @Scenario("event-log/9")
    void recording_seesWaitsRepairsAndChannels() throws Exception {
        Path file = tmp.path("recording.jfr");
        Path waits = tmp.path("waits");
        Path repairs = tmp.path("repairs");
        List<String> endpoints = List.of(
                "mapped:" + tmp.name("lane"),
                "mapped:" + tmp.name("broadcast") + "?mode=broadcast",
                "mapped:" + tmp.name("queue") + "?mode=queue",
                "fifo:" + tmp.name("fifo"),
                "unix:" + tmp.name("socket"));
        try (Recording recording = new Recording()) {
            recording.enable("org.processmanager.SharedWait").withThreshold(Duration.ZERO);
            recording.enable("org.processmanager.SenderBlocked").withThreshold(Duration.ZERO);
            recording.start();
            waitForMutex(waits);
            joinAfterDeath(repairs);
            for (String endpoint : endpoints) {
                fillChannel(endpoint);
            }
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        RecordedEvent wait = named(events, "SharedWait").stream()
                .filter(event -> event.getString("object").equals("busy"))
                .findFirst()
                .orElseThrow();
        assertEquals(waits.toString(), wait.getString("region"));
        assertEquals("waiter", wait.getThread().getJavaName());
        assertTrue(wait.getDuration().toNanos() > 0);
        RecordedEvent repair = named(events, "SharedRepair").get(0);
        assertEquals(repairs.toString(), repair.getString("region"));
        assertEquals(DEAD_PID, repair.getLong("pid"));
        List<String> blocked = named(events, "SenderBlocked").stream()
                .map(event -> event.getString("endpoint"))
                .toList();
        assertEquals(endpoints, blocked, "one wait each");
        for (String type : List.of("ChannelOpen", "ChannelClose")) {
            List<String> ends = named(events, type).stream()
                    .map(event -> event.getString("end").replaceFirst(" .*", ""))
                    .sorted()
                    .toList();
            assertEquals(
                    Stream.of("receiver", "sender")
                            .flatMap(end -> Collections.nCopies(endpoints.size(), end).stream())
                            .toList(),
                    ends,
                    type);
        }
    }

    private static void fillChannel(String endpoint) throws Exception {
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender sender = Ipc.sender(endpoint)) {
            SendStatus status = SendStatus.SENT;
            while (status == SendStatus.SENT) {
                status = sender.send(new byte[1000], Duration.ofMillis(1));
            }
            assertEquals(SendStatus.FULL, status, receiver::toString);
        }
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String type) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("org.processmanager." + type))
                .toList();
    }

    private static void waitForMutex(Path path) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.openOrCreate(path, 1 << 20)) {
            SharedMutex mutex = memory.mutex("busy");
            Thread waiter = new Thread(
                    () -> {
                        try (Hold hold = mutex.acquireUninterruptibly()) {
                            assertTrue(hold != null);
                        }
                    },
                    "waiter");
            try (Hold hold = mutex.acquire()) {
                waiter.start();
                Eventually.assertThat(Duration.ofSeconds(60), "a waiter", () -> !WaitGraph.of(memory)
                        .waits()
                        .isEmpty());
            }
            waiter.join();
        }
    }

    /** Takes a slot as if its process had been killed. */
    private static void joinAfterDeath(Path path) {
        try (Region first = Region.open(path, OpenMode.OPEN_OR_CREATE, RegionLayout.sizeFor(128))) {
            int next = 2;
            SlotLayout.describePlain(first.memory(), next, DEAD_PID, 0, 0, "dead");
            SlotLayout.stateRelease(first.memory(), next, SlotLayout.LIVE);
            Region.open(path, OpenMode.OPEN_EXISTING, RegionLayout.sizeFor(128)).close();
        }
    }
}
