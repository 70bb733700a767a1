package org.processmanager.benchmarks.runner;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Result;

/**
 * The outcome of a fork.
 *
 * @param failure empty if all work was verified
 * @param otherOutput its last lines that are not part of the protocol
 */
record ForkOutcome(List<Result> results, List<String> notes, String failure, List<String> otherOutput) {
    static ForkOutcome failed(String failure) {
        return new ForkOutcome(List.of(), List.of(), failure, List.of());
    }

    boolean isVerified() {
        return failure.isEmpty();
    }
}
