package org.processmanager.core.internal.reactor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a loop watches, by tokens that are never used twice: the lower bits are a place in a table, the others count up.
 * Looking takes no memory, so that what happens can be seen to with a full heap. For the loop's driver alone.
 */
final class Watches {
    private static final int PLACE_BITS = 24;
    private static final int MOST = 1 << PLACE_BITS;
    private static final int FIRST_SIZE = 64;

    private EventLoop.@Nullable Watch[] table = new EventLoop.Watch[FIRST_SIZE];
    /** Places that are free again, the last given back first. */
    private int[] free = new int[FIRST_SIZE];

    private int freeCount;
    /** Places from here on were never used. */
    private int fresh;

    private int count;
    private long nextNumber = 1;

    boolean isEmpty() {
        return count == 0;
    }

    /** A token for a watch to be {@linkplain #put put} there; never 0. Makes the room for it. */
    long reserve() {
        if (freeCount == 0 && fresh == table.length) {
            if (fresh == MOST) {
                throw new IllegalStateException("a loop watches " + MOST + " descriptors at most");
            }
            // The larger one first: whichever fails for want of memory, nothing has changed.
            EventLoop.@Nullable Watch[] larger = Arrays.copyOf(table, fresh * 2);
            free = Arrays.copyOf(free, fresh * 2);
            table = larger;
        }
        int place = freeCount > 0 ? free[freeCount - 1] : fresh;
        return nextNumber++ << PLACE_BITS | place;
    }

    /** Remembers a watch by the token that was reserved last. */
    void put(long token, EventLoop.Watch watch) {
        table[place(token)] = watch;
        count++;
        if (freeCount > 0) {
            freeCount--;
        } else {
            fresh++;
        }
    }

    /** The watch with a token; null if it was removed. */
    EventLoop.@Nullable Watch get(long token) {
        int place = place(token);
        EventLoop.Watch watch = place < table.length ? table[place] : null;
        return watch != null && watch.token() == token ? watch : null;
    }

    /** Forgets a watch; false if it was forgotten before. */
    boolean remove(long token) {
        if (get(token) == null) {
            return false;
        }
        int place = place(token);
        table[place] = null;
        free[freeCount++] = place;
        count--;
        return true;
    }

    private static int place(long token) {
        return (int) (token & (MOST - 1));
    }
}
