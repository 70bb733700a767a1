package org.processmanager.core.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.EndReason;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.detached.CommandFile;
import org.processmanager.core.internal.detached.EntryFiles;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Timers;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.DetachedState.Phase;

/**
 * Watches a detached process until it is over: by its shim, which records the exit and then exits, or by the process itself once
 * the shim was killed. Holds no thread.
 */
final class DetachedWatch {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Is notified on a thread that may block. */
    interface Observer {
        /** The process is over. */
        void ended(DetachedState end, boolean success, String reason);

        /** The process continues without its shim: nothing will record its exit. */
        void orphaned(DetachedState state);

        /** The process may continue, but cannot be watched. */
        void lost(Exception failure);
    }

    private final ProcessManager manager;
    private final DetachedProcess process;
    private final Observer observer;

    DetachedWatch(ProcessManager manager, DetachedProcess process, Observer observer) {
        this.manager = manager;
        this.process = process;
        this.observer = observer;
    }

    /** Notifies the observer, now or later. */
    void run() {
        try {
            DetachedState state = process.state();
            if (!state.isActive()) {
                end(state);
            } else if (state.phase() == Phase.ORPHANED) {
                observer.orphaned(state);
                await(state.process().orElseThrow());
            } else {
                await(state.shim());
            }
        } catch (IOException | RuntimeException e) {
            observer.lost(e);
        }
    }

    private void end(DetachedState state) throws IOException {
        EntryFiles files = new EntryFiles(process.directory());
        boolean asked = Files.exists(files.stopRequest());
        boolean accepted = state.phase() == Phase.EXITED
                && state.exitStatus().filter(CommandFile.read(files)::isSuccess).isPresent();
        String how = state.phase() == Phase.EXITED && state.exitStatus().isPresent()
                ? state.exitStatus().get().toString()
                : state.phase() + ", " + state.message();
        observer.ended(state, asked || accepted, asked ? EndReason.TERMINATED + ", " + how : how);
    }

    private void await(ProcessIdentity awaited) {
        if (awaited.pid() == ProcessHandle.current().pid()) { // another thread starts it again
            Timers.schedule(STEP_NANOS, () -> Threads.WORKERS_OR_CALLER.execute(this::run));
            return;
        }
        try {
            AdoptedProcess adopted = manager.adopt(awaited);
            var unused = adopted.onExit().whenComplete((status, failure) -> {
                adopted.close();
                if (failure == null) {
                    run();
                }
            });
        } catch (NoSuchProcessException e) {
            run(); // it has exited meanwhile
        }
    }
}
