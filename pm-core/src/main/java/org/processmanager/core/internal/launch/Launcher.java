package org.processmanager.core.internal.launch;

import org.processmanager.core.LaunchException;

/** A way to start processes. */
public interface Launcher {
    /**
     * Starts a process, or throws and leaves nothing behind: no process, no descriptor, no thread.
     *
     * @param spec what to start
     * @param callerWaits whether this thread will at once call {@link Child#awaitOrStop()}, which can then do without
     *     other threads; it must call it, whatever happens in between
     * @throws LaunchException with the reason
     * @throws UnsupportedOperationException naming what this launcher cannot do, before anything starts
     */
    Child launch(LaunchSpec spec, boolean callerWaits);

    /** Gives back what it holds besides its children, whose time is over. Idempotent; afterwards it launches nothing. */
    default void close() {}

    /** The best one of this system. */
    static Launcher preferred() {
        return PosixLauncher.isAvailable() ? new PosixLauncher() : new JdkLauncher();
    }
}
