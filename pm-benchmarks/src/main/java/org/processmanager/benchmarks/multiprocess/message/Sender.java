package org.processmanager.benchmarks.multiprocess.message;

/**
 * A candidate's sending side. A message has the case's size; it begins with its head and ends with its tail
 * ({@link Message#tail}), and whatever is between is sent too.
 */
public interface Sender extends AutoCloseable {
    /**
     * Sends one message.
     *
     * @return false when there is no room now: the next call is for the same message; a candidate that waits by its own means returns true always
     */
    boolean offer(long head) throws Exception;

    /**
     * Sends messages with consecutive heads in the candidate's batch form, if it has one.
     *
     * @return how many of them there was room for
     */
    default int offerBatch(long firstHead, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            if (!offer(firstHead + i)) {
                return i;
            }
        }
        return count;
    }

    /** Sends {@link Message#END}: once, or to each receiver where every receiver has a queue of its own. */
    default boolean offerEnd() throws Exception {
        return offer(Message.END);
    }

    @Override
    default void close() throws Exception {}
}
