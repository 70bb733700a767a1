package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;

class RegionIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    @Test
    @Scenario("sync/9")
    @Scenario("research-sync/26")
    void openOrCreate_byManyProcesses_createsOneRegion() {
        int processes = Soak.scaled(100, 3);
        int threads = Soak.scaled(2, 5); // at most as many handles at once as the 256 slots
        List<ChildJvm> parties = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                parties.add(ChildJvm.start(Party.class));
            }
            for (int round = 0; round < 5; round++) {
                Path path = evidence.keep(tmp.sharedFile("r" + round));
                SharedMemory.openOrCreate(tmp.name("directory"), Party.BYTES).close();
                List<ChildReply> opening = new ArrayList<>();
                for (ChildJvm party : parties) {
                    opening.add(party.send("openAndCount", path, threads));
                }
                opening.forEach(ChildReply::await);
                try (SharedMemory memory = SharedMemory.open(path)) {
                    assertEquals(
                            processes * threads, memory.atomicLong("openers").get());
                }
            }
        } finally {
            parties.forEach(ChildJvm::close);
        }
    }

    @Test
    void openAndDelete_byManyProcesses_allOpen() {
        Path path = evidence.keep(tmp.path("region"));
        try (ChildJvm one = ChildJvm.start(Party.class);
                ChildJvm two = ChildJvm.start(Party.class)) {
            for (int round = 0; round < Soak.scaled(1000, 30); round++) {
                List<ChildReply> opening = List.of(one.send("open", path), two.send("open", path));
                try (SharedMemory memory = SharedMemory.openOrCreate(path, Party.BYTES)) {
                    memory.delete();
                }
                opening.forEach(ChildReply::await);
                one.call("close");
                two.call("close");
            }
        }
    }

    @Test
    @Scenario("sync/16")
    @Scenario("research-sync/25")
    void create_onFullFileSystem_leavesNothing() throws Exception {
        Path folder = Files.createDirectory(tmp.path("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.toString()), "may not mount");
        try {
            RegionException e = assertThrows(
                    RegionException.class, () -> SharedMemory.openOrCreate(folder.resolve("region"), 1 << 20));
            assertEquals(Reason.NO_SPACE, e.reason(), e.getMessage());
            assertTrue(e.getMessage().contains("1048576 bytes"), e.getMessage());
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of(), files.toList());
            }
            SharedMemory.openOrCreate(folder.resolve("region"), 128 << 10).close();
        } finally {
            assertTrue(run("umount", "-l", folder.toString()));
        }
    }

    @Test
    void portableAndNativeProcesses_shareOneRegion() throws InterruptedException {
        int rounds = Soak.scaled(20_000, 500);
        Path path = evidence.keep(tmp.sharedFile("mixed"));
        try (SharedMemory memory = SharedMemory.create(tmp.name("mixed"), Party.BYTES);
                ChildJvm nativeParty = party(path, "on");
                ChildJvm portable = party(path, "off")) {
            List<ChildReply> counting =
                    List.of(nativeParty.send("count", "mutex", 2, rounds), portable.send("count", "mutex", 2, rounds));
            counting.forEach(ChildReply::await);
            assertEquals(4L * rounds, memory.atomicLong("count").get());

            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 4, 8);
            ChildReply taking = portable.send("take", 4, 8);
            nativeParty.call("put", 4, 8, "n to p");
            assertEquals("n to p", taking.await());
            taking = nativeParty.send("take", 4, 8);
            portable.call("put", 4, 8, "p to n");
            assertEquals("p to n", taking.await());
            assertNull(buffer.poll());

            assertAcquiredAfterDeath(portable, nativeParty, memory.mutex("one"));
        }
    }

    @Test
    void portableProcess_detectsDeathOfNativeOne() throws InterruptedException {
        Path path = evidence.keep(tmp.sharedFile("mixed"));
        try (SharedMemory memory = SharedMemory.create(tmp.name("mixed"), Party.BYTES);
                ChildJvm nativeParty = party(path, "on");
                ChildJvm portable = party(path, "off")) {
            assertAcquiredAfterDeath(nativeParty, portable, memory.mutex("one"));
        }
    }

    /** The holder is suspended, which is no death, and then killed. */
    private static void assertAcquiredAfterDeath(ChildJvm holder, ChildJvm waiter, SharedMutex mutex) {
        assertEquals("false", holder.call("acquire", mutex.name()));
        holder.signal("STOP");
        assertEquals("none", waiter.call("tryAcquire", mutex.name(), 300));
        ChildReply waiting = waiter.send("acquire", mutex.name());
        holder.kill9();
        assertEquals("true", waiting.await());
        waiter.call("release");
        Hold hold = mutex.tryAcquire();
        assertFalse(hold.previousOwnerDied());
        hold.close();
    }

    private static ChildJvm party(Path path, String nativeLayer) {
        ChildJvm party = ChildJvm.of(Party.class)
                .property("org.processmanager.native", nativeLayer)
                .start();
        party.call("open", path);
        return party;
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 && said.isEmpty();
    }
}
