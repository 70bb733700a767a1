package org.processmanager.benchmarks.report;

import java.util.List;

/**
 * What a run of the benchmarks found.
 *
 * @param command   the command that repeats it
 * @param machine   what it ran on, name and value
 * @param cases     in the order in which they ran
 * @param footnotes lines about candidates: versions, flags, limits of the machine
 */
public record Report(String command, List<Fact> machine, List<CaseReport> cases, List<String> footnotes) {

    /** A name and a value. */
    public record Fact(String name, String value) {}

    public List<Row> rows() {
        return cases.stream().flatMap(each -> each.rows().stream()).toList();
    }
}
