package org.processmanager.benchmarks.report;

import java.util.List;

/**
 * What is told about a case.
 *
 * @param subject of the suite
 * @param title   what was measured
 * @param rows    the figures
 * @param remarks lines: who took no part and why, who failed, what somebody noted
 */
public record CaseReport(
        String suite, String subject, String name, String title, String unit, List<Row> rows, List<String> remarks) {}
