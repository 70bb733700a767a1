package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.file.NativeRegionFile;
import org.processmanager.sync.internal.region.file.NetworkFileSystems;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.ObjectTypes;
import org.processmanager.sync.internal.region.object.RegionObject;

class RegionTest {
    private static final long BYTES = 1 << 20;
    private static final ObjectType TYPE = ObjectType.of(1000, "test object", 1, "rows", "columns");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region open(String name, OpenMode mode) {
        return Region.open(RegionDirectory.resolve(tmp.name(name)), mode, BYTES);
    }

    @Test
    void create_makesPrivateFileOfWholeSize() throws IOException {
        try (Region region = open("a", OpenMode.CREATE_NEW)) {
            Path path = region.path();
            assertEquals(BYTES, Files.size(path));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())));
        }
    }

    @Test
    void open_sharesExistingMemory() {
        try (Region one = open("a", OpenMode.OPEN_OR_CREATE);
                Region two = open("a", OpenMode.OPEN_EXISTING)) {
            RegionObject a =
                    one.objects().findOrCreate("x", TYPE, new int[] {2, 3}, 100, (memory, at) -> memory.putInt(at, 7));
            RegionObject b =
                    two.objects().findOrCreate("x", TYPE, new int[] {2, 3}, 100, (memory, at) -> memory.putInt(at, 8));
            assertEquals(a, b);
            assertEquals(7, Words.intVolatile(two.memory(), b.offset()));
            assertEquals(one.id(), two.id());
            assertNotEquals(one.participants().self(), two.participants().self());
            assertEquals(0, a.offset() % RegionLayout.OBJECT_ALIGNMENT);
        }
    }

    @Test
    void create_ofExistingRegion_isRefused() {
        open("a", OpenMode.CREATE_NEW).close();
        RegionException e = assertThrows(RegionException.class, () -> open("a", OpenMode.CREATE_NEW));
        assertEquals(Reason.ALREADY_EXISTS, e.reason());
    }

    @Test
    void open_ofMissingRegion_createsNothing() {
        RegionException e = assertThrows(RegionException.class, () -> open("a", OpenMode.OPEN_EXISTING));
        assertEquals(Reason.NOT_FOUND, e.reason());
        assertFalse(Files.exists(tmp.sharedFile("a")));
    }

    @Test
    void isDead_ofClosedHandle_isTrue() {
        try (Region one = open("a", OpenMode.OPEN_OR_CREATE)) {
            Region two = open("a", OpenMode.OPEN_EXISTING);
            int other = two.participants().self();
            assertFalse(one.participants().isDead(Participants.slot(other), Participants.generation(other)));
            two.close();
            assertTrue(one.participants().isDead(Participants.slot(other), Participants.generation(other)));
            try (Region three = open("a", OpenMode.OPEN_EXISTING)) {
                assertEquals(
                        Participants.slot(other),
                        Participants.slot(three.participants().self()));
                assertTrue(one.participants().isDead(Participants.slot(other), Participants.generation(other)));
            }
        }
    }

    @Test
    void delete_freesNameAndRefusesHandles() {
        try (Region one = open("a", OpenMode.OPEN_OR_CREATE)) {
            one.delete();
            assertFalse(Files.exists(one.path()));
            RegionException e = assertThrows(RegionException.class, one::checkUsable);
            assertEquals(Reason.DELETED, e.reason());
            try (Region two = open("a", OpenMode.OPEN_OR_CREATE)) {
                assertNotEquals(one.id(), two.id());
                one.delete();
                assertTrue(Files.exists(two.path()));
            }
        }
    }

    @Test
    void close_detachesFileFromLateWriters() {
        assumeTrue(NativeLayer.available(), "the portable path cannot take a mapping away");
        try (Region one = open("a", OpenMode.OPEN_OR_CREATE)) {
            int at = one.objects()
                    .findOrCreate("x", TYPE, new int[] {0, 0}, 8, (memory, offset) -> {})
                    .offset();
            Region two = open("a", OpenMode.OPEN_EXISTING);
            Words.putLongVolatile(two.memory(), at, 1);
            two.close();
            Words.putLongVolatile(two.memory(), at, 2);
            assertEquals(2, Words.longVolatile(two.memory(), at), "the late writer meets memory, and no fault");
            assertEquals(1, Words.longVolatile(one.memory(), at));
        }
    }

    @Test
    void create_withoutUnnamedFiles_succeeds() throws IOException {
        assumeTrue(NativeLayer.available(), "the portable path never has them");
        Path path = tmp.path("region");
        RegionHeader header = RegionHeader.create(RegionLayout.sizeFor(128));
        try (NativeRegionFile file = NativeRegionFile.createUnderTemporaryName(path, header);
                NativeRegionFile other = NativeRegionFile.createUnderTemporaryName(path, header)) {
            assertTrue(file.publish());
            assertFalse(other.publish(), "the name is taken");
        }
        try (Region region = Region.open(path, OpenMode.OPEN_EXISTING, 0)) {
            assertEquals(header.id(), region.id());
        }
        try (Stream<Path> files = Files.list(path.getParent())) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void findOrCreate_whenInitializerThrows_publishesNone() {
        try (Region region = open("a", OpenMode.CREATE_NEW)) {
            assertThrows(ArithmeticException.class, () -> region.objects()
                    .findOrCreate("x", TYPE, new int[] {1, 1}, 8, (memory, at) -> {
                        throw new ArithmeticException();
                    }));
            assertFalse(region.objects().any());
            region.objects().findOrCreate("x", TYPE, new int[] {1, 1}, 8, (memory, at) -> {});
            assertTrue(region.objects().any());
        }
    }

    /** A mark in never used memory shows whether it was written: zeroing 2 GiB takes more than the creation lock allows. */
    @Test
    @Scenario("public-sync/15")
    void create_ofObject_writesUsedMemoryOnly() {
        try (Region keeping = open("a", OpenMode.CREATE_NEW)) {
            RegionObject first;
            try (Region region = open("a", OpenMode.OPEN_EXISTING)) {
                int next = RegionLayout.objectsOffset(RegionLayout.DEFAULT_SLOTS, 256);
                region.memory().putInt(next + 4000, 7);
                first = region.objects().findOrCreate("x", TYPE, new int[] {1, 1}, 4096, null);
                assertEquals(next, first.offset());
                assertEquals(7, region.memory().getInt(next + 4000), "it was not written");
                region.objects().remove("x");
            }
        }
        try (Region region = open("a", OpenMode.OPEN_EXISTING)) {
            int end = RegionLayout.objectsOffset(RegionLayout.DEFAULT_SLOTS, 256) + 4096;
            region.memory().putInt(end + 100, 9);
            RegionObject larger = region.objects().findOrCreate("y", TYPE, new int[] {1, 1}, 8192, null);
            assertEquals(end - 4096, larger.offset());
            assertEquals(0, region.memory().getInt(end - 96), "that of the removed object");
            assertEquals(9, region.memory().getInt(end + 100), "never used");
        }
    }

    /** Without the native layer its memory is that of the file still. */
    @Test
    void close_waitsForObjectCreation() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Region other = open("a", OpenMode.CREATE_NEW)) {
            Region closing = open("a", OpenMode.OPEN_EXISTING);
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            CompletableFuture<Void> making = CompletableFuture.runAsync(
                    () -> {
                        closing.objects().findOrCreate("x", TYPE, new int[] {1, 1}, 8, (memory, at) -> {
                            begun.countDown();
                            awaitUninterruptibly(end);
                        });
                    },
                    threads);
            begun.await();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(closing::close, threads);
            CompletableFuture<RegionObject> made = CompletableFuture.supplyAsync(
                    () -> other.objects().findOrCreate("y", TYPE, new int[] {1, 1}, 8, (memory, at) -> {}), threads);
            Eventually.await(Duration.ofMillis(100), () -> closed.isDone() && made.isDone());
            end.countDown();
            CompletableFuture.allOf(closed, made).get(60, TimeUnit.SECONDS);
            making.handle((done, failed) -> failed).get(60, TimeUnit.SECONDS);
            assertEquals(
                    Set.of("x", "y"),
                    other.snapshot().objects().stream()
                            .map(RegionSnapshot.NamedObject::name)
                            .collect(Collectors.toSet()));
        } finally {
            threads.shutdown();
        }
    }

    /** Its own alive byte looks free to its holder, and the word of a dead participant may name its slot. */
    @Test
    void repair_ofOwnSlot_doesNothing() {
        try (Region region = open("a", OpenMode.CREATE_NEW);
                Region other = open("a", OpenMode.OPEN_EXISTING)) {
            int self = region.participants().self();
            int slot = Participants.slot(self);
            int before = Participants.word(slot, Participants.generation(self) - 1);
            region.repair(before);
            assertEquals(SlotLayout.LIVE, SlotLayout.stateAcquire(region.memory(), slot));
            assertFalse(other.participants().isDead(slot, Participants.generation(self)));
        }
    }

    /** A JVM that uses another module only would otherwise free the slot of a dead participant without repairing its objects. */
    @Test
    void objectTypes_areFoundByServiceLoader() {
        assertTrue(ServiceLoader.load(ObjectTypes.class).stream()
                .anyMatch(kinds -> kinds.type() == SyncObjectTypes.class));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void directory_accessibleToOthers_isRefused() throws IOException {
        Path folder = tmp.path("pm");
        RegionDirectory.create(folder);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        RegionDirectory.create(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        RegionException e = assertThrows(RegionException.class, () -> RegionDirectory.create(folder));
        assertEquals(Reason.NOT_PERMITTED, e.reason());
        Path link = Files.createSymbolicLink(tmp.path("link"), tmp.directory());
        assertThrows(RegionException.class, () -> RegionDirectory.create(link));
        Path file = Files.createFile(tmp.path("file"));
        assertThrows(RegionException.class, () -> RegionDirectory.create(file));
    }

    @Test
    @Scenario("sync/8")
    @Scenario("research-sync/23")
    void deletedFile_isNoticedWhenObjectIsOpened() throws IOException {
        try (Region region = open("a", OpenMode.CREATE_NEW)) {
            RegionObject before = region.objects().findOrCreate("x", TYPE, new int[] {2, 3}, 100, (memory, at) -> {});
            Files.delete(region.path());
            RegionException e = assertThrows(RegionException.class, () -> region.objects()
                    .findOrCreate("y", TYPE, new int[] {2, 3}, 100, (memory, at) -> {}));
            assertEquals(Reason.REPLACED, e.reason());
            assertThrows(RegionException.class, () -> region.objects()
                    .findOrCreate("x", TYPE, new int[] {2, 3}, 100, (memory, at) -> {}));
            assertThrows(RegionException.class, region::checkUsable);
            assertTrue(region.isUnusable());
            region.memory().putInt(before.offset(), 1);
        }
    }

    @Test
    @Scenario("sync/8")
    void replacedFile_isNoticedByWaiters() throws IOException {
        try (Region old = open("a", OpenMode.CREATE_NEW)) {
            Files.delete(old.path());
            try (Region other = open("a", OpenMode.CREATE_NEW)) {
                RegionException noticed =
                        assertThrows(RegionException.class, old::snapshot, "it would describe the other region");
                assertEquals(Reason.REPLACED, noticed.reason());
                assertEquals(other.id(), other.snapshot().id());
                Eventually.assertThat(Duration.ofSeconds(20), "the old one is refused", () -> {
                    try {
                        old.checkUsable();
                        return false;
                    } catch (RegionException e) {
                        return e.reason() == Reason.REPLACED;
                    }
                });
                other.checkUsable();
                assertFalse(other.isUnusable());
            }
        }
    }

    @Test
    void networkFileSystems_areRecognized() {
        assertEquals("nfs", NetworkFileSystems.name(0x6969));
        assertEquals("cifs", NetworkFileSystems.name(0xffffffffff534d42L), "a long of 32 bits with its sign");
        assertEquals("fuse", NetworkFileSystems.name(0x65735546));
        assertNull(NetworkFileSystems.name(0xef53));
        assertNull(NetworkFileSystems.name(0x01021994));
        assertEquals("nfs4", NetworkFileSystems.name("nfs4"));
        assertEquals("fuse.sshfs", NetworkFileSystems.name("fuse.sshfs"));
        assertNull(NetworkFileSystems.name("tmpfs"));
        NetworkFileSystems.refuse(tmp.path("missing"));
    }
}
