package org.processmanager.core.internal.launch;

import java.util.List;
import java.util.Optional;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.internal.launch.spec.LaunchSpec;

/** A way to start processes. */
public interface Launcher {
    /**
     * Starts a process, or throws and leaves nothing behind: no process, no descriptor, no thread.
     *
     * @param spec what to start
     * @param callerWaits whether this thread will at once call {@link ChildProcess#awaitOrStop}, which then needs no other
     *     thread; it must call it in any case
     * @throws LaunchException with the reason
     * @throws UnsupportedOperationException naming what this launcher cannot do, before anything starts
     */
    ChildProcess launch(LaunchSpec spec, boolean callerWaits);

    /**
     * Starts several processes, of which each writes into the next one's standard input, or throws and leaves nothing behind.
     *
     * @param stages at least two; what the inner ones say of the streams that are connected is not looked at
     * @throws LaunchException with the reason; those that ran already were killed
     */
    List<ChildProcess> launchPipeline(List<LaunchSpec> stages);

    /**
     * Watches a process that is not a child of this JVM.
     *
     * @param wanted which process must have the number, if that matters
     * @throws org.processmanager.core.NoSuchProcessException if there is no such process
     */
    WatchedProcess adopt(long pid, Optional<ProcessIdentity> wanted);

    /** Returns the pids of live processes that it started for itself. */
    default List<Long> helpers() {
        return List.of();
    }

    /** Releases what it holds besides its children, which have exited. Idempotent; afterwards it launches nothing. */
    default void close() {}
}
