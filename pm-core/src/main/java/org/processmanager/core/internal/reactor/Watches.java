package org.processmanager.core.internal.reactor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a loop by tokens that are never used twice: the lower bits are an index in a table, the others count up.
 * Confined to the thread of the loop.
 */
final class Watches {
    private static final int INDEX_BITS = 24;
    private static final int MAX_WATCHES = 1 << INDEX_BITS;
    private static final int FIRST_SIZE = 64;

    private EventLoop.@Nullable Watch[] table = new EventLoop.Watch[FIRST_SIZE];
    /** Indexes that are free again, the last released first. */
    private int[] free = new int[FIRST_SIZE];

    private int freeCount;
    /** Indexes from here on were never used. */
    private int fresh;

    private int count;
    private long nextNumber = 1;

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns a token for the next watch that is {@linkplain #put put}; never 0. Grows the table if it is full. */
    long reserve() {
        if (freeCount == 0 && fresh == table.length) {
            if (fresh == MAX_WATCHES) {
                throw new IllegalStateException("a loop watches at most " + MAX_WATCHES + " descriptors");
            }
            table = Arrays.copyOf(table, fresh * 2);
            free = Arrays.copyOf(free, fresh * 2);
        }
        int index = freeCount > 0 ? free[freeCount - 1] : fresh;
        return nextNumber++ << INDEX_BITS | index;
    }

    /** Stores a watch by the token that was reserved last. */
    void put(long token, EventLoop.Watch watch) {
        table[index(token)] = watch;
        count++;
        if (freeCount > 0) {
            freeCount--;
        } else {
            fresh++;
        }
    }

    /** Returns the watch with a token; null if it was removed. */
    EventLoop.@Nullable Watch get(long token) {
        int index = index(token);
        EventLoop.Watch watch = index < table.length ? table[index] : null;
        return watch != null && watch.token() == token ? watch : null;
    }

    /** Removes a watch; returns false if it was removed before. */
    boolean remove(long token) {
        if (get(token) == null) {
            return false;
        }
        int index = index(token);
        table[index] = null;
        free[freeCount++] = index;
        count--;
        return true;
    }

    private static int index(long token) {
        return (int) (token & (MAX_WATCHES - 1));
    }
}
