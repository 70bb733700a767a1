package org.processmanager.benchmarks.multiprocess.message;

import java.util.List;

/**
 * The channel of a candidate. One object in each JVM, created with the parameters of the fork:
 *
 * <pre>
 *   channel     a name, as there may be two
 *   scratch     a directory for files
 *   mode        throughput | spinning | blocking
 *   bytes       size of a message
 *   capacity    capacity of the channel in bytes
 *   senders     number of senders
 *   receivers   number of receivers; each message goes to one of them
 * </pre>
 */
public interface Transport extends AutoCloseable {
    /** Returns false if the channel exists in one JVM only: the workers are then threads. */
    boolean crossesProcesses();

    /** Creates what must exist before any worker opens. Called once, in the JVM of the fork itself. */
    default void create() throws Exception {}

    /** Opens a sender. All workers open at the same time, each in its own thread; the other sides may not exist yet. */
    Sender sender(int index) throws Exception;

    Receiver receiver(int index) throws Exception;

    /**
     * Returns the ways to wait: the documented one first, then ours. Only the first in the mode {@code blocking} and
     * for candidates that block.
     */
    List<String> variants();

    /** Returns a new idle strategy, for a worker that finds no message or no room. */
    Idle idle(String variant);

    /**
     * Returns whether several receivers share one queue; otherwise each has its own and gets the end message of each
     * sender.
     */
    default boolean sharedQueue() {
        return true;
    }

    @Override
    default void close() throws Exception {}
}
