package org.processmanager.core.internal.reactor;

import org.jspecify.annotations.Nullable;

/**
 * What a loop could not do for want of memory, to be tried again a little later. It has its room from the beginning. For the
 * loop's driver alone.
 */
final class Postponed {
    static final int RETRY_MILLIS = 20;
    private static final int ROOM = 256;

    private final @Nullable Runnable[] actions = new Runnable[ROOM];
    private final boolean[] mayBlock = new boolean[ROOM];
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Remembers an action; false if there is no room. */
    boolean add(Runnable action, boolean blocks) {
        if (count == ROOM) {
            return false;
        }
        actions[count] = action;
        mayBlock[count] = blocks;
        count++;
        return true;
    }

    /** Tries what was there when this was called, each once. */
    void retry(EventLoop loop) {
        int before = count;
        count = 0;
        for (int i = 0; i < before; i++) {
            // What is postponed again takes a place that was read already.
            Runnable action = actions[i];
            boolean blocks = mayBlock[i];
            actions[i] = null;
            if (action != null && blocks) {
                loop.handOff(action);
            } else if (action != null) {
                loop.guard(action);
            }
        }
    }
}
