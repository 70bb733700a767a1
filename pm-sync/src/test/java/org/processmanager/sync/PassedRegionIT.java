package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.processmanager.core.Inheritable;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;

/** Regions that children get from their parent. */
@Timeout(180)
class PassedRegionIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static ManagedProcess start(ProcessManager manager, Inheritable resource) {
        return manager.command(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.processmanager.native=" + System.getProperty("org.processmanager.native", "on"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Heir.class.getName())
                .pass("shop", resource)
                .stdin(Input.pipe())
                .stdout(Output.discard())
                .acceptAnyExit()
                .start();
    }

    /** A child that takes the mutex, says so in the region, and waits for the end of its input. */
    static final class Heir {
        public static void main(String[] args) throws IOException, InterruptedException {
            try (SharedMemory shop = SharedMemory.inherited("shop");
                    Hold hold = shop.mutex("mutex").acquire()) {
                shop.semaphore("ready", 0).release();
                while (System.in.read() >= 0) {
                    hold.isValid();
                }
            }
        }
    }

    private static void assertSharedUntilOwnerDeath(SharedMemory shop) throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            ManagedProcess child = start(manager, shop);
            assertTrue(shop.semaphore("ready", 0).tryAcquire(LONG), "the child has opened it");
            SharedMutex mutex = shop.mutex("mutex");
            assertFalse(mutex.asLock().tryLock());
            RegionSnapshot info = shop.snapshot();
            assertEquals(2, info.participants().size());
            assertTrue(info.objects().stream()
                    .flatMap(object -> object.owners().stream())
                    .anyMatch(owner -> owner.pid() == child.pid()));
            child.kill();
            try (Hold hold = mutex.tryAcquire(LONG)) {
                assertNotNull(hold);
                assertTrue(hold.previousOwnerDied());
                hold.markConsistent();
            }
        }
    }

    @Test
    void anonymousRegion_isSharedWithChild() throws InterruptedException {
        SharedMemory shop = SharedMemory.anonymous(SharedMemory.megabytes(1));
        Path path = shop.path();
        try (shop) {
            assertSharedUntilOwnerDeath(shop);
            assertEquals(!NativeLayer.available(), Files.exists(path));
        }
        assertFalse(Files.exists(path));
        assertThrows(IllegalStateException.class, shop::snapshot);
        if (NativeLayer.available()) {
            assertThrows(IllegalStateException.class, shop::openForChild);
        }
    }

    @Test
    void namedRegion_isInheritedByName() throws InterruptedException {
        try (SharedMemory shop = SharedMemory.create(tmp.name("h"), SharedMemory.megabytes(1))) {
            assertSharedUntilOwnerDeath(shop);
        }
    }

    @Test
    void pass_ofClosedOrDeletedRegion_isRefused() throws IOException {
        Path marker = tmp.path("started");
        try (ProcessManager manager = ProcessManager.create()) {
            for (boolean named : new boolean[] {true, false}) {
                SharedMemory shop = named ? create("closed") : SharedMemory.anonymous(SharedMemory.megabytes(1));
                shop.close();
                assertThrows(IllegalStateException.class, () -> touch(manager, shop, marker));
                assertThrows(IllegalStateException.class, shop::fileForChild);
                try (SharedMemory deleted = named ? create("deleted") : SharedMemory.anonymous(1 << 20)) {
                    deleted.delete();
                    assertRefused(Reason.DELETED, () -> touch(manager, deleted, marker));
                }
            }
            try (SharedMemory replaced = create("replaced")) {
                Files.delete(replaced.path());
                assertRefused(Reason.REPLACED, () -> touch(manager, replaced, marker));
            }
        }
        assertFalse(Files.exists(marker));
    }

    private SharedMemory create(String name) {
        return SharedMemory.create(tmp.name(name), SharedMemory.megabytes(1));
    }

    private static void touch(ProcessManager manager, SharedMemory shop, Path marker) throws InterruptedException {
        manager.command("touch", marker.toString()).pass("shop", shop).run();
    }

    private static void assertRefused(Reason reason, Executable action) {
        assertEquals(reason, assertThrows(RegionException.class, action).reason());
    }

    @Test
    void inherited_ofOtherResource_isRefused() {
        RegionException e = assertThrows(RegionException.class, () -> SharedMemory.inherited("nothing"));
        assertEquals(Reason.NOT_FOUND, e.reason());
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.inherited("no name"));
    }
}
