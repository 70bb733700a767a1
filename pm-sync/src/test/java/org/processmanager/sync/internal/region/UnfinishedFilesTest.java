package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.file.UnfinishedFiles;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;

class UnfinishedFilesTest {
    private static final long BYTES = RegionLayout.sizeFor(4096);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path unfinished(String region) throws IOException {
        return Files.createFile(tmp.path("." + region + "." + UUID.randomUUID() + ".tmp"));
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(tmp.directory())) {
            return files.collect(Collectors.toSet());
        }
    }

    @Test
    @Scenario("public-sync/6")
    void create_deletesWhatKilledCreatorsLeft() throws IOException {
        unfinished("x");
        Path other = unfinished("y");
        Path stranger = Files.createFile(tmp.path(".x.tmp"));
        Path region = tmp.path("x");
        Region.open(region, OpenMode.CREATE_NEW, BYTES).close();
        assertEquals(Set.of(region, other, stranger), files());
    }

    @Test
    void sweepAll_keepsFilesThatAreBeingCreated() throws IOException {
        Path abandoned = unfinished("x");
        Path creating = unfinished("y");
        try (RegionFile file = RegionFile.open(creating);
                LockBytes creator = file.openLocks()) {
            assertTrue(creator.tryLock(LockBytes.CREATE));
            assertEquals(List.of(abandoned), UnfinishedFiles.sweepAll(tmp.directory()));
            assertEquals(Set.of(creating), files());
        }
        assertEquals(List.of(creating), UnfinishedFiles.sweepAll(tmp.directory()));
    }

    @Test
    @Scenario("public-sync/6")
    void deleteUnfinished_ofNamedRegions_keepsRegions() throws IOException {
        Path region = tmp.sharedFile("region");
        Region.open(region, OpenMode.CREATE_NEW, BYTES).close();
        Path left =
                Files.createFile(region.resolveSibling("." + region.getFileName() + "." + UUID.randomUUID() + ".tmp"));
        assertTrue(SharedMemory.deleteUnfinished().contains(left));
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(region));
    }

    @Test
    @Scenario("public-sync/7")
    void create_withLongestName_succeeds() throws IOException {
        for (String name : List.of("x".repeat(255), "\u00fc".repeat(127), "\ud83d\ude00".repeat(63))) {
            Path region = tmp.directory().resolve(name);
            Region.open(region, OpenMode.CREATE_NEW, BYTES).close();
            assertEquals(Set.of(region), files());
            Files.delete(region);
        }
        assertFalse(Files.exists(tmp.path("x")));
    }
}
