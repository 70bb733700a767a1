package org.processmanager.core.internal.util;

import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs actions when objects become unreachable. The thread for it exists only while an action is pending, so that it does not
 * keep the class loader of this library alive.
 */
public final class Cleaners {
    private static @Nullable WeakReference<Cleaner> current; // guarded by the class

    private Cleaners() {}

    /**
     * Registers an action that runs once: when the subject is unreachable, or when it is called through the result.
     *
     * <p>If no thread can be started, only the call through the result runs it.
     *
     * @param action must not refer to the subject
     */
    public static Cleaner.Cleanable register(Object subject, Runnable action) {
        try {
            Cleaner cleaner = cleaner();
            return cleaner.register(subject, new Pending(cleaner, action));
        } catch (OutOfMemoryError e) {
            return new Manual(action);
        }
    }

    private static synchronized Cleaner cleaner() {
        WeakReference<Cleaner> known = current;
        Cleaner cleaner = known == null ? null : known.get();
        if (cleaner == null) {
            cleaner = Cleaner.create();
            current = new WeakReference<>(cleaner);
        }
        return cleaner;
    }

    /** Keeps the cleaner reachable until the action has run; then its thread may end. */
    private record Pending(Cleaner cleaner, Runnable action) implements Runnable {
        @Override
        public void run() {
            action.run();
        }
    }

    private static final class Manual implements Cleaner.Cleanable {
        private final AtomicReference<@Nullable Runnable> action;

        Manual(Runnable action) {
            this.action = new AtomicReference<>(action);
        }

        @Override
        public void clean() {
            Runnable once = action.getAndSet(null);
            if (once != null) {
                once.run();
            }
        }
    }
}
