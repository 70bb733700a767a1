package org.processmanager.benchmarks.report;

import java.util.List;

/**
 * The result of a run of the benchmarks.
 *
 * @param command the command that repeats the run
 * @param machine facts about the machine
 * @param cases in the order in which they ran
 * @param footnotes lines about candidates: versions, flags, limits of the machine
 */
public record Report(String command, List<Fact> machine, List<CaseReport> cases, List<String> footnotes) {

    /** A name and a value. */
    public record Fact(String name, String value) {}

    public List<Row> rows() {
        return cases.stream().flatMap(each -> each.rows().stream()).toList();
    }
}
