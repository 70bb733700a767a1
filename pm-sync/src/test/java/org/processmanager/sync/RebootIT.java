package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A region on a disk whose users all ended with the machine: its file names another boot. */
class RebootIT {
    private static final int BOOT_ID = 48;
    private static final int CRC = 124;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private final Path path = evidence.keep(tmp.path("region"));

    @Test
    @Scenario("sync/6")
    @Scenario("research-sync/50")
    void reboot_whileHeld_isADeath() throws Exception {
        try (SharedMemory before = SharedMemory.create(path, Party.BYTES)) {
            before.atomicLong("data").set(7);
            before.semaphore("count", 5).acquire();
            assertTrue(before.boundedBuffer("buffer", 4, 8).offer(new byte[] {'a'}));
            assertTrue(before.boundedBuffer("buffer", 4, 8).offer(new byte[] {'b'}));
        }
        try (ChildJvm holder = ChildJvm.start(Party.class)) {
            holder.call("open", path);
            holder.call("acquire", "mutex");
            holder.call("lease", "leased", 2);
            assertEquals("a false", holder.call("takeUnacked", 4, 8));
            holder.kill9();
        }
        writeOtherBootId();
        RegionSnapshot info = SharedMemory.snapshot(path);
        assertEquals(1, info.participants().size());
        assertFalse(info.participants().get(0).alive());
        try (SharedMemory next = SharedMemory.open(path)) {
            try (Hold hold = next.mutex("mutex").tryAcquire()) {
                assertNotNull(hold);
                assertTrue(hold.previousOwnerDied(), "a reboot is a death");
                hold.markConsistent();
            }
            assertEquals(7, next.atomicLong("data").get());
            assertEquals(4, next.semaphore("count", 5).availablePermits());
            assertEquals(2, next.leasedSemaphore("leased", 2).availablePermits());
            SharedBoundedBuffer buffer = next.boundedBuffer("buffer", 4, 8);
            try (UnackedItem item = buffer.pollUnacked(Duration.ofSeconds(5))) {
                assertNotNull(item);
                assertTrue(item.redelivered());
                assertEquals('a', item.bytes()[0]);
                item.ack();
            }
            assertEquals('b', buffer.take()[0]);
            assertEquals(1, SharedMemory.snapshot(path).participants().size(), "its slot was repaired and taken");
        }
    }

    private void writeOtherBootId() throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(CRC + Integer.BYTES).order(ByteOrder.nativeOrder());
            file.read(header, 0);
            header.putLong(BOOT_ID, header.getLong(BOOT_ID) ^ 0x5555);
            CRC32C crc = new CRC32C();
            crc.update(header.array(), 0, CRC);
            header.putInt(CRC, (int) crc.getValue());
            file.write(header.rewind(), 0);
        }
    }
}
