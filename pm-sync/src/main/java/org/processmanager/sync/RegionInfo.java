package org.processmanager.sync;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
     * @param state in a few words, as {@code free}, {@code held}, {@code 3 of 4 free}
     * @param owners who has it, or parts of it, at this moment
     * @param waiters threads that wait for it, in all processes that live; what they wait for beyond four objects in one
     *     process is not counted
     * @param deathsRepaired how often survivors made good here for somebody who died
     */
    public record NamedObject(
            String name,
            String kind,
            List<Integer> shape,
            long bytes,
            String state,
            List<Owner> owners,
            int waiters,
            long deathsRepaired) {
        /**
         * Copies the lists.
         *
         * @param name its name
         * @param kind what it is, as {@code mutex}
         * @param shape the numbers it was opened with
         * @param bytes its length
         * @param state in a few words
         * @param owners who has it
         * @param waiters threads that wait for it
         * @param deathsRepaired how often survivors made good here for somebody who died
         */
        public NamedObject {
            shape = List.copyOf(shape);
            owners = List.copyOf(owners);
        }
    }

    /**
     * Who has an object, or a part of it.
     *
     * @param pid its process
     * @param thread the number of its thread there, 0 where a permit belongs to no thread
     * @param since when it got it, to about a hundredth of a second; null where that is not noted
     * @param alive false if it is proven dead, and nobody has come by since
     */
    public record Owner(long pid, long thread, @Nullable Instant since, boolean alive) {}
}
