package org.processmanager.sync;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a region held when it was looked at; it may have changed since.
 *
 * @param path of its file
 * @param id the number that tells it from a region that had its name before
 * @param bytes size of the file
 * @param freeBytes room for more objects
 * @param created when it was created
 * @param participants the handles that are open, and those of the dead whose place nobody has taken yet
 * @param objects the named objects, in the order of their making
 */
public record RegionInfo(
        Path path,
        UUID id,
        long bytes,
        long freeBytes,
        Instant created,
        List<Participant> participants,
        List<NamedObject> objects) {
    /** Copies the lists. */
    public RegionInfo {
        participants = List.copyOf(participants);
        objects = List.copyOf(objects);
    }

    /**
     * An open handle of a process, or what a dead one left.
     *
     * @param slot its number in the region
     * @param pid of its process; once that is dead the number may be another's
     * @param name what the process calls itself
     * @param joined when it opened the region
     * @param alive false if it is proven dead
     */
    public record Participant(int slot, long pid, String name, Instant joined, boolean alive) {}

    /**
     * A named object.
     *
     * @param name its name
     * @param kind what it is, as {@code mutex}
     * @param shape the numbers it was opened with, as the cells of a buffer and their bytes
     * @param bytes its length
     */
    public record NamedObject(String name, String kind, List<Integer> shape, long bytes) {
        /** Copies the shape. */
        public NamedObject {
            shape = List.copyOf(shape);
        }
    }
}
