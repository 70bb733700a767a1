package org.processmanager.benchmarks.report;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Result;

/**
 * One fork of one candidate.
 *
 * @param tag placement of the processors just before the fork
 * @param results one for each variant; none if the fork failed
 * @param failure empty if all work was verified
 */
public record Run(String candidate, String tag, List<Result> results, List<String> notes, String failure) {
    public boolean isVerified() {
        return failure.isEmpty();
    }
}
