package org.processmanager.benchmarks.runner;

/** Something that a candidate needs is not there: a compiler, a program, a library. The message is a line of the report. */
final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }
}
