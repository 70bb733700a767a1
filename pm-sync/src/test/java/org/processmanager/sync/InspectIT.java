package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Tmp;

/** Somebody looks who may read the region's file and no more. */
class InspectIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void whoMayOnlyRead_seesOwnersAndWhetherTheyLive() throws IOException {
        assumeTrue(NativeLayer.available(), "without it locks are asked for by taking them");
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs the superuser");
        Files.setPosixFilePermissions(tmp.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = tmp.path("region");
        Path copy = Files.createDirectory(tmp.path("copy"));
        try (SharedMemory memory = SharedMemory.open(path, OpenMode.CREATE_NEW, Party.BYTES);
                ChildJvm other = ChildJvm.of(Party.class).asOrdinaryUser(copy).start()) {
            Hold hold = memory.mutex("mutex").tryAcquire();
            assertNotNull(hold);
            assertTrue(
                    assertThrows(Throwable.class, () -> other.call("inspect", path))
                            .toString()
                            .contains("cannot open region " + path),
                    "a region is its owner's alone at first");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
            assertEquals("mutex held " + ProcessHandle.current().pid() + " true", other.call("inspect", path));
            assertThrows(Throwable.class, () -> other.call("open", path), "to take part it must write");
            assertEquals(1, memory.inspect().participants().size(), "who looks takes no slot");
            hold.close();
        }
    }
}
