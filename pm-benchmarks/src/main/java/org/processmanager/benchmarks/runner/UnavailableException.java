package org.processmanager.benchmarks.runner;

/** A compiler, program or library that a candidate needs is missing. The message is a line of the report. */
final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }
}
