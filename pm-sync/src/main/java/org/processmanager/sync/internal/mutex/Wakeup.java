package org.processmanager.sync.internal.mutex;

import org.jspecify.annotations.Nullable;

/**
 * What to wake when the mutex has been released: threads that need it.
 *
 * @param action wakes them; does nothing if there are none
 * @param next what else to wake
 */
record Wakeup(Runnable action, @Nullable Wakeup next) {
    static boolean contains(@Nullable Wakeup first, Runnable action) {
        for (Wakeup wakeup = first; wakeup != null; wakeup = wakeup.next) {
            if (wakeup.action == action) {
                return true;
            }
        }
        return false;
    }

    static void run(@Nullable Wakeup first) {
        for (Wakeup wakeup = first; wakeup != null; wakeup = wakeup.next) {
            wakeup.action.run();
        }
    }
}
