package org.processmanager.benchmarks.multiprocess.message;

import java.util.List;

/**
 * A candidate that carries messages. One object in each JVM, made from the fork's params:
 *
 * <pre>
 *   channel     a name, for where there are two
 *   scratch     a folder for files
 *   mode        throughput | spinning | blocking
 *   bytes       size of a message
 *   capacity    bytes that the channel holds
 *   senders     how many
 *   receivers   how many; each message goes to one of them
 * </pre>
 */
public interface Transport extends AutoCloseable {
    /** False for what lives in one JVM: its parties are threads. */
    boolean crossesProcesses();

    /** Makes what must exist before any party opens. Called once, in the JVM of the fork itself. */
    default void create() throws Exception {}

    /** All parties open at the same time, each in its own thread; the other sides may not be there yet. */
    Sender sender(int index) throws Exception;

    Receiver receiver(int index) throws Exception;

    /**
     * Ways to wait: the candidate's documented one first, then ours. Only the first in the mode {@code blocking}, and where the
     * candidate waits by its own means.
     */
    List<String> variants();

    /** What a party does when it finds no message or no room; a new one for each party. */
    Idle idle(String variant);

    /** Whether several receivers take from one queue; else each has its own, and is sent each sender's end. */
    default boolean sharedQueue() {
        return true;
    }

    @Override
    default void close() throws Exception {}
}
