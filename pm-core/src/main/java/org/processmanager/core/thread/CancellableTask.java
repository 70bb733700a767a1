package org.processmanager.core.thread;

/** What a managed thread runs. */
@FunctionalInterface
public interface CancellableTask {
    /**
     * Runs to its end, or to the first cancellation point after a request. A {@link CancelledException}, an
     * {@link InterruptedException}, or what an interruptible channel or stream of Java throws in its place
     * ({@link java.nio.channels.ClosedByInterruptException}, {@link java.io.InterruptedIOException}) that leaves it after a
     * request counts as cancelled; anything else as failed.
     *
     * @param cancellation this thread's cancellation points and clean-up handlers
     * @throws Exception whatever went wrong; it is kept in the {@link Termination}
     */
    void run(Cancellation cancellation) throws Exception;
}
