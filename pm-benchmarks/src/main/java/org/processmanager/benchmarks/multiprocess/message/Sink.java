package org.processmanager.benchmarks.multiprocess.message;

/** Receives the first and the last eight bytes of each message. */
public interface Sink {
    void accept(long head, long tail);
}
