package org.processmanager.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.SharedMemory;

/** Regions that killed processes have left. */
public final class UnusedRegions {
    private static final Duration BEING_MADE = Duration.ofMinutes(1);

    private UnusedRegions() {}

    /** Returns the time before which a region was created whose creator is no longer about to open it again. */
    public static Instant latestCreation() {
        return Instant.now().minus(BEING_MADE);
    }

    /** Returns whether a region was created before a time and no living process has it open. */
    public static boolean isUnused(RegionSnapshot region, Instant createdBefore) {
        return region.created().isBefore(createdBefore)
                && region.participants().stream().noneMatch(RegionSnapshot.Participant::alive);
    }

    /** Returns whether a file is such a region. */
    public static boolean isUnused(Path file, Instant createdBefore) {
        try {
            return isUnused(SharedMemory.snapshot(file), createdBefore);
        } catch (RegionException e) {
            return false; // deleted by another process, or another kind of file
        }
    }
}
