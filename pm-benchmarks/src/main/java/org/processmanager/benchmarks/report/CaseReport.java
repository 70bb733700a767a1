package org.processmanager.benchmarks.report;

import java.util.List;

/**
 * The report of a case.
 *
 * @param subject what the suite measures
 * @param title what the case measures
 * @param rows the figures
 * @param remarks lines for the reader: absent and failed candidates with the reason, notes of the forks
 */
public record CaseReport(
        String suite, String subject, String name, String title, String unit, List<Row> rows, List<String> remarks) {
    /** Returns the same with other remarks. */
    public CaseReport withRemarks(List<String> others) {
        return new CaseReport(suite, subject, name, title, unit, rows, others);
    }
}
