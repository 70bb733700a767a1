package org.processmanager.ipc.internal.channel;

import org.processmanager.ipc.Endpoint;

/**
 * How long a message of a lane can be, in bytes.
 *
 * @param endpoint the channel
 * @param message the longest message
 * @param whole the longest message that the lane can hold at once
 * @param record the longest message in one piece
 * @param reason why longer messages are rejected, and what to do, for messages
 */
public record LengthLimits(Endpoint endpoint, int message, int whole, int record, String reason) {
    /**
     * Returns the length if a message can have it.
     *
     * @throws IllegalArgumentException if not
     */
    int check(int length) {
        if (length < 0 || length > message) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: 0 to " + message + ", "
                    + reason + " of " + endpoint + ")");
        }
        return length;
    }

    /**
     * Returns the length if the lane can hold such a message at once.
     *
     * @throws IllegalArgumentException if not
     */
    int checkWhole(int length) {
        if (check(length) > whole) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: 0 to " + whole
                    + ", which can be in the channel at once; use send, or increase the capacity of " + endpoint + ")");
        }
        return length;
    }

    /**
     * Rejects a length that needs several pieces.
     *
     * @throws IllegalArgumentException if so
     */
    void checkRecord(int length) {
        if (check(length) > record) {
            throw new IllegalArgumentException("claim: " + length + " bytes (expected: 0 to " + record
                    + ", which fit in one piece; use send, or increase the capacity of " + endpoint + ")");
        }
    }
}
