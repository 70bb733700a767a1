package org.processmanager.benchmarks.multiprocess.message;

/**
 * The content of a message: its head (the sender and its sequence number) and, in the last eight bytes, a tail that
 * is computed from the head, so that a torn or stale message is detected.
 */
public final class Message {
    /** The head of the last message of a sender. */
    public static final long END = -1;

    private static final int SEQUENCE_BITS = 48;

    private Message() {}

    static long head(int sender, long sequence) {
        return ((long) sender << SEQUENCE_BITS) | sequence;
    }

    static int sender(long head) {
        return (int) (head >>> SEQUENCE_BITS);
    }

    static long sequence(long head) {
        return head & ((1L << SEQUENCE_BITS) - 1);
    }

    /** Returns the content of the last eight bytes. */
    public static long tail(long head) {
        return head * 0x9E3779B97F4A7C15L;
    }
}
