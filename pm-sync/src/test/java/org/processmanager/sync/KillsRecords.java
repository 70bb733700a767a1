package org.processmanager.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What the processes under random kills did, in a file that all map: one part for each process, which outlives it.
 *
 * <pre>
 *    0 +-------------------------------+--------------------------------+
 *      | items that it has put       8 | where its two semaphores are 8 |
 *   16 | increments that it began    8 | increments that it finished  8 |
 *   32 | one byte for each thing that it has in hand                    |
 *   64 +----------------------------------------------------------------+
 *      | one byte for each item that it puts: 1 when it was taken       |
 *      +----------------------------------------------------------------+
 * </pre>
 */
final class KillsRecords {
    /** What a process may have in hand when it is killed. */
    enum Thing {
        /** The mutex, with the two numbers unequal. */
        MUTEX,
        /** An item of which it has not noted that it took it. */
        ITEM,
        /** A lease. */
        LEASE,
        /** A read-write lock for reading. */
        READ,
        /** A read-write lock for writing, with the two numbers unequal. */
        WRITE,
        /** A read-write lock for updating. */
        UPDATE,
        /** An arrival at a barrier. */
        ARRIVAL,
        /** The action of a barrier. */
        ACTION,
        /** A party of a latch, not counted down. */
        PARTY,
        /** The mutex of a condition that it has signalled. */
        SIGNAL
    }

    /** The test itself, which is not killed. */
    static final int NO_PARTY = -1;

    static final int MOST_ITEMS = 20_000;

    private static final int SEMAPHORES = 8;
    private static final int BEGUN = 16;
    private static final int FINISHED = 24;
    private static final int IN_HAND = 32;
    private static final int ITEMS = 64;
    private static final int PART = ITEMS + MOST_ITEMS;

    /** How long a thing is in hand, so that the test can see it and kill, and how often. */
    private static final Duration VISIBLE = Duration.ofMillis(30);

    private static final Duration BETWEEN_VISIBLE = Duration.ofMillis(250);

    private final FileChannel channel;
    private final Map<Integer, MappedByteBuffer> parts = new ConcurrentHashMap<>();
    private final Map<Thing, Long> lastVisible = new ConcurrentHashMap<>();

    KillsRecords(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private MappedByteBuffer part(int party) {
        return parts.computeIfAbsent(party, n -> {
            try {
                return channel.map(FileChannel.MapMode.READ_WRITE, (long) n * PART, PART);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Notes that an item was taken; returns whether it was the first time. */
    boolean noteTaken(int party, int item) {
        MappedByteBuffer part = part(party);
        boolean first = part.get(ITEMS + item) == 0;
        part.put(ITEMS + item, (byte) 1);
        return first;
    }

    boolean wasTaken(int party, int item) {
        return part(party).get(ITEMS + item) != 0;
    }

    void notePut(int party, int items) {
        part(party).putLong(0, items);
    }

    int put(int party) {
        return (int) part(party).getLong(0);
    }

    void noteSemaphore(int party, int semaphore, int place) {
        part(party).putInt(SEMAPHORES + 4 * semaphore, place);
    }

    int semaphore(int party, int semaphore) {
        return part(party).getInt(SEMAPHORES + 4 * semaphore);
    }

    void noteBegun(int party) {
        add(party, BEGUN);
    }

    void noteFinished(int party) {
        add(party, FINISHED);
    }

    private void add(int party, int at) {
        part(party).putLong(at, part(party).getLong(at) + 1);
    }

    long begun(int party) {
        return part(party).getLong(BEGUN);
    }

    long finished(int party) {
        return part(party).getLong(FINISHED);
    }

    void note(int party, Thing thing, boolean inHand) {
        part(party).put(IN_HAND + thing.ordinal(), (byte) (inHand ? 1 : 0));
    }

    boolean hasInHand(int party, Thing thing) {
        return part(party).get(IN_HAND + thing.ordinal()) != 0;
    }

    /** As {@link #linger()}, and now and then so long that the test can see it and kill. */
    void linger(int party, Thing thing) {
        long now = System.nanoTime();
        if (party != NO_PARTY && now - lastVisible.getOrDefault(thing, 0L) > BETWEEN_VISIBLE.toNanos()) {
            note(party, thing, true);
            LockSupport.parkNanos(VISIBLE.toNanos());
            note(party, thing, false);
            lastVisible.put(thing, System.nanoTime());
        } else {
            linger();
        }
    }

    /** Now and then a moment with something in hand, so that a kill meets it; it also leaves the processor to others. */
    static void linger() {
        if (ThreadLocalRandom.current().nextInt(20) == 0) {
            LockSupport.parkNanos(300_000);
        }
    }
}
