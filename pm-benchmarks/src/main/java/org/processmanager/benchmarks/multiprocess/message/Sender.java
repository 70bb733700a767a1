package org.processmanager.benchmarks.multiprocess.message;

/**
 * The sending side of a candidate. A message has the size of the case; it begins with its head and ends with its tail
 * ({@link Message#tail}); the bytes between are sent too.
 */
public interface Sender extends AutoCloseable {
    /**
     * Sends one message.
     *
     * @return false if there is no room now; the next call is then for the same message. A candidate that blocks
     *     always returns true
     */
    boolean offer(long head) throws Exception;

    /**
     * Sends messages with consecutive heads in the batch form of the candidate, if it has one.
     *
     * @return the number of messages that were accepted
     */
    default int offerBatch(long firstHead, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            if (!offer(firstHead + i)) {
                return i;
            }
        }
        return count;
    }

    /** Sends {@link Message#END}: once, or to each receiver if every receiver has its own queue. */
    default boolean offerEnd() throws Exception {
        return offer(Message.END);
    }

    @Override
    default void close() throws Exception {}
}
