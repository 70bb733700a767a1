package org.processmanager.benchmarks.multiprocess;

/** The work of a candidate was wrong: a count, a checksum, an order or an exit code. */
public final class VerificationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public VerificationException(String message) {
        super(message);
    }

    /**
     * Throws unless the values are equal.
     *
     * @param what the compared value, for the message
     */
    public static void expect(String what, long expected, long actual) {
        if (expected != actual) {
            throw new VerificationException(what + ": expected " + expected + ", got " + actual);
        }
    }
}
