package org.processmanager.benchmarks.runner;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Result;

/**
 * What came of a fork.
 *
 * @param failure empty if all its work was verified
 * @param chatter the last lines that were meant for nobody
 */
record ForkOutcome(List<Result> results, List<String> notes, String failure, List<String> chatter) {
    static ForkOutcome failed(String failure) {
        return new ForkOutcome(List.of(), List.of(), failure, List.of());
    }

    boolean isVerified() {
        return failure.isEmpty();
    }
}
