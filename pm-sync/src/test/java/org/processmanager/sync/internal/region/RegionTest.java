package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;

class RegionTest {
    private static final long BYTES = 1 << 20;
    private static final ObjectKind KIND = ObjectKind.of(1000, "test object", 1, "rows", "columns");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Region open(String name, OpenMode mode) {
        return Region.open(RegionFolder.resolve(tmp.name(name)), mode, BYTES);
    }

    @Test
    void open_createsAPrivateFileOfTheWholeSize() throws IOException {
        try (Region region = open("a", OpenMode.CREATE_NEW)) {
            Path path = region.path();
            assertEquals(BYTES, Files.size(path));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())));
        }
    }

    @Test
    void open_sharesTheMemoryOfAnExistingRegion() {
        try (Region one = open("a", OpenMode.OPEN_OR_CREATE);
                Region two = open("a", OpenMode.OPEN_EXISTING)) {
            RegionObject a = one.findOrCreate("x", KIND, new int[] {2, 3}, 100, (memory, at) -> memory.putInt(at, 7));
            RegionObject b = two.findOrCreate("x", KIND, new int[] {2, 3}, 100, (memory, at) -> memory.putInt(at, 8));
            assertEquals(a, b);
            assertEquals(7, Words.intVolatile(two.memory(), b.offset()));
            assertEquals(one.id(), two.id());
            assertNotEquals(one.participants().self(), two.participants().self());
            assertEquals(0, a.offset() % RegionDescriptor.OBJECT_ALIGNMENT);
        }
    }

    @Test
    void open_refusesToCreateOverAnExistingRegion() {
        open("a", OpenMode.CREATE_NEW).close();
        RegionException e = assertThrows(RegionException.class, () -> open("a", OpenMode.CREATE_NEW));
        assertEquals(Reason.ALREADY_EXISTS, e.reason());
    }

    @Test
    void open_refusesAMissingRegionAndCreatesNothing() {
        RegionException e = assertThrows(RegionException.class, () -> open("a", OpenMode.OPEN_EXISTING));
        assertEquals(Reason.NOT_FOUND, e.reason());
        assertFalse(Files.exists(tmp.sharedFile("a")));
    }

    @Test
    void isDead_isTrueOfAHandleThatWasClosedAndFalseOfAnOpenOne() {
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
    void delete_freesTheNameAndRefusesNewHandles() {
        try (Region one = open("a", OpenMode.OPEN_OR_CREATE)) {
            one.delete();
            assertFalse(Files.exists(one.path()));
            RegionException e = assertThrows(RegionException.class, one::checkUsable);
            assertEquals(Reason.RETIRED, e.reason());
            try (Region two = open("a", OpenMode.OPEN_OR_CREATE)) {
                assertNotEquals(one.id(), two.id());
                one.delete();
                assertTrue(Files.exists(two.path()));
            }
        }
    }
}
