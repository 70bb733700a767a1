package org.processmanager.benchmarks.report;

import java.util.List;
import java.util.function.Function;

/**
 * A column of the tables.
 *
 * @param head its name
 * @param left whether it is text and left-aligned
 */
record Column(String head, boolean left, Function<Row, String> value) {
    static final List<Column> ALL = List.of(
            new Column("candidate", true, Column::candidate),
            new Column("placed", true, Row::tag),
            new Column("median", false, row -> Numbers.figure(row.median())),
            new Column("min", false, row -> Numbers.figure(row.min())),
            new Column("mean", false, row -> Numbers.figure(row.mean())),
            new Column("p99", false, row -> Numbers.figure(row.p99())),
            new Column("samples", false, row -> Numbers.figure(row.samples())),
            new Column("advantage", false, row -> Numbers.times(row.advantage())),
            new Column("cpu s", false, row -> Numbers.figure(row.cpuSeconds())),
            new Column("peak MiB", false, row -> Numbers.mebibytes(row.peakRssBytes())),
            new Column("threads", false, row -> Numbers.figure(row.threads())),
            new Column("B/op", false, row -> Numbers.figure(row.allocatedBytesPerOp())),
            new Column("least share", false, row -> Numbers.percent(row.smallestShare())),
            new Column("verified", true, row -> row.verified() ? "yes" : "NO"));

    /** Returns the columns that have a value in any row. */
    static List<Column> of(List<Row> rows) {
        return ALL.stream()
                .filter(column ->
                        rows.stream().anyMatch(row -> !column.value.apply(row).equals("-")))
                .toList();
    }

    static String candidate(Row row) {
        return row.variant().isEmpty() ? row.candidate() : row.candidate() + " (" + row.variant() + ")";
    }
}
