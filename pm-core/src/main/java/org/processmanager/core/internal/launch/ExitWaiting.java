package org.processmanager.core.internal.launch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting for the end of a child, which comes as a future that never fails. */
public final class ExitWaiting {
    private ExitWaiting() {}

    static ProcessExit join(CompletableFuture<ProcessExit> ended) throws InterruptedException {
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot fail", e);
        }
    }

    /** Waits; when first interrupted runs {@code stop}, goes on waiting for the end, and throws then. */
    public static ProcessExit joinOrStop(CompletableFuture<ProcessExit> ended, String name, Runnable stop)
            throws InterruptedException {
        boolean interrupted = false;
        ProcessExit end = null;
        while (end == null) {
            try {
                end = join(ended);
            } catch (InterruptedException e) {
                if (!interrupted) {
                    interrupted = true;
                    stop.run();
                }
            }
        }
        if (interrupted) {
            throw interruption(name);
        }
        return end;
    }

    public static InterruptedException interruption(String name) {
        return new InterruptedException(name + " was stopped because its caller was interrupted");
    }
}
