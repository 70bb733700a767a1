package org.processmanager.sync;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of a region at one moment; it may have changed since.
 *
 * @param path of its file
 * @param id distinguishes it from earlier regions of the same name
 * @param bytes size of the file
 * @param freeBytes room for more objects
 * @param created time of creation
 * @param participants the open handles, and those of dead processes whose slots have not been reused
 * @param objects the named objects
 */
public record RegionSnapshot(
        Path path,
        UUID id,
        long bytes,
        long freeBytes,
        Instant created,
        List<Participant> participants,
        List<NamedObject> objects) {
    /**
     * Creates a snapshot; the lists are copied.
     *
     * @param path of its file
     * @param id distinguishes it from earlier regions of the same name
     * @param bytes size of the file
     * @param freeBytes room for more objects
     * @param created time of creation
     * @param participants the open handles, and those of dead processes
     * @param objects the named objects
     */
    public RegionSnapshot {
        participants = List.copyOf(participants);
        objects = List.copyOf(objects);
    }

    /**
     * An open handle of a process, or one that a dead process left.
     *
     * @param slot its number in the region
     * @param pid of its process; may be reused if that is dead
     * @param name main class of the process
     * @param joined when it opened the region
     * @param alive false if it is proven dead
     */
    public record Participant(int slot, long pid, String name, Instant joined, boolean alive) {}

    /**
     * A named object.
     *
     * @param name its name
     * @param type such as {@code mutex}
     * @param shape the numbers it was opened with, such as the cells of a buffer and their bytes
     * @param bytes its length
     * @param state in a few words, such as {@code free}, {@code held}, {@code 3 of 4 free}
     * @param owners the current owners of it, or of parts of it
     * @param waiters threads that wait for it, in all live processes
     * @param deathsRepaired how many deaths of owners were repaired
     */
    public record NamedObject(
            String name,
            String type,
            List<Integer> shape,
            long bytes,
            String state,
            List<Owner> owners,
            int waiters,
            long deathsRepaired) {
        /**
         * Creates the description of an object; the lists are copied.
         *
         * @param name its name
         * @param type such as {@code mutex}
         * @param shape the numbers it was opened with
         * @param bytes its length
         * @param state in a few words
         * @param owners the current owners of it, or of parts of it
         * @param waiters threads that wait for it
         * @param deathsRepaired how many deaths of owners were repaired
         */
        public NamedObject {
            shape = List.copyOf(shape);
            owners = List.copyOf(owners);
        }
    }

    /**
     * An owner of an object, or of a part of it.
     *
     * @param pid of its process
     * @param process main class of its process
     * @param thread id of its thread there, 0 where no thread is the owner
     * @param threadName name of that thread, cut to 28 bytes; empty where it is not recorded, as when it has owned the object
     *     for less than about a second
     * @param since time of acquisition, to about 10 ms; null where it is not recorded
     * @param alive false if it is proven dead and not repaired yet
     */
    public record Owner(
            long pid,
            String process,
            long thread,
            String threadName,
            @Nullable Instant since,
            boolean alive) {}
}
