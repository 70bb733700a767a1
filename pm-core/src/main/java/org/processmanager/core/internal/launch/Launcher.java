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
     * @param stages at least two; their settings of connected streams are ignored
     * @throws LaunchException with the reason; stages that had been started were killed
     */
    List<ChildProcess> launchPipeline(List<LaunchSpec> stages);

    /**
     * Watches a process that is not a child of this JVM.
     *
     * @param wanted the expected identity of the process, if any
     * @throws org.processmanager.core.NoSuchProcessException if there is no such process
     */
    WatchedProcess adopt(long pid, Optional<ProcessIdentity> wanted);

    /** Returns the pids of the live helper processes of this launcher. */
    default List<Long> helpers() {
        return List.of();
    }

    /** Releases the resources of this launcher; all children have exited. Idempotent; later launches are refused. */
    default void close() {}
}
