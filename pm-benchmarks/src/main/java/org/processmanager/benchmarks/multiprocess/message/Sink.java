package org.processmanager.benchmarks.multiprocess.message;

/** Where a receiver puts the first and the last eight bytes of each message. */
public interface Sink {
    void accept(long head, long tail);
}
