package org.processmanager.ipc.internal.channel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Tmp;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.SlotLayout;

/** The slot of an end whose process has ended a moment ago. */
@Timeout(180)
class EndSlotTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** The kernel keeps the lock of a process that has ended while its files in /proc are read. */
    @ParameterizedTest
    @CsvSource({
        "sender, senders=1",
        "receiver, senders=1",
        "sender, mode=broadcast",
        "receiver, mode=broadcast&receivers=1"
    })
    void slotOfAnEndedProcess_isTakenOnceItsLockIsFree(String end, String options) throws Exception {
        String name = "mapped:" + tmp.name("channel") + "?" + options;
        Callable<AutoCloseable> open = end.equals("sender") ? () -> Ipc.sender(name) : () -> Ipc.receiver(name);
        try (AutoCloseable first = open.call();
                Region region = Region.open(tmp.sharedFile("channel"), OpenMode.OPEN_EXISTING, 0)) {
            assertThrows(ChannelBusyException.class, open::call);
            endProcessesOfOthers(region);
            FutureTask<AutoCloseable> second = new FutureTask<>(open);
            Thread opening = new Thread(second);
            opening.start();
            assertTrue(Eventually.await(
                    Duration.ofSeconds(30), () -> opening.getState() == Thread.State.TIMED_WAITING || second.isDone()));
            first.close();
            second.get().close();
        }
    }

    @Test
    void freeLaneWithABacklog_isTakenAtOnce() throws Exception {
        String name = "mapped:" + tmp.name("channel") + "?senders=2";
        try (MessageSender holder = Ipc.sender(name);
                Region region = Region.open(tmp.sharedFile("channel"), OpenMode.OPEN_EXISTING, 0)) {
            try (MessageSender second = Ipc.sender(name)) {
                second.send(new byte[1]);
            }
            long shortest = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                endProcessesOfOthers(region); // the first sender's slot cannot be proven free
                long start = System.nanoTime();
                Ipc.sender(name).close();
                shortest = Math.min(shortest, System.nanoTime() - start);
            }
            assertTrue(shortest < TimeUnit.MILLISECONDS.toNanos(500), shortest + " ns");
        }
    }

    /** Lets the other participants of a region have the id of a process that has ended. */
    private static void endProcessesOfOthers(Region region) throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        for (int slot = 1; region.participants().isSlot(Participants.word(slot, 0)); slot++) {
            if (slot != Participants.slot(region.participants().self())) {
                SlotLayout.describePlain(region.memory(), slot, process.pid(), 0, 0, "true");
            }
        }
    }
}
