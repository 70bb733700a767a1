package org.processmanager.core.thread;

/** The task of a managed thread. */
@FunctionalInterface
public interface CancellableTask {
    /**
     * Runs until it is finished, or to the first cancellation point after a request. If it throws a
     * {@link CancelledException}, an {@link InterruptedException}, or the equivalent of an interruptible channel or stream
     * ({@link java.nio.channels.ClosedByInterruptException}, {@link java.io.InterruptedIOException}) after a request, the
     * thread counts as cancelled; with any other exception as failed.
     *
     * @param cancellation the cancellation points and clean-up handlers of this thread
     * @throws Exception any failure; it is part of the {@link Termination}
     */
    void run(Cancellation cancellation) throws Exception;
}
