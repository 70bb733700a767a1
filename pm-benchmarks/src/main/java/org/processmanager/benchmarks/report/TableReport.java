package org.processmanager.benchmarks.report;

import java.util.List;

/** The report as text. */
public final class TableReport {
    private TableReport() {}

    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        for (CaseReport each : report.cases()) {
            text.append(each.suite()).append(' ').append(each.name()).append(": ");
            text.append(each.subject())
                    .append("; ")
                    .append(each.title())
                    .append("; ")
                    .append(each.unit())
                    .append('\n');
            appendTable(text, each.rows());
            each.remarks().forEach(remark -> appendRemark(text, remark));
            text.append('\n');
        }
        report.machine().forEach(fact -> text.append(fact.name())
                .append(": ")
                .append(fact.value())
                .append('\n'));
        report.footnotes().forEach(note -> text.append(note).append('\n'));
        return text.append("again: ").append(report.command()).append('\n').toString();
    }

    private static void appendTable(StringBuilder text, List<Row> rows) {
        List<Column> columns = Column.of(rows);
        int[] widths = columns.stream()
                .mapToInt(column -> Math.max(
                        column.head().length(),
                        rows.stream()
                                .mapToInt(row -> column.value().apply(row).length())
                                .max()
                                .orElse(0)))
                .toArray();
        appendLine(text, columns, widths, columns.stream().map(Column::head).toList());
        for (Row row : rows) {
            appendLine(
                    text,
                    columns,
                    widths,
                    columns.stream().map(column -> column.value().apply(row)).toList());
        }
    }

    private static void appendLine(StringBuilder text, List<Column> columns, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append("  ").append(columns.get(i).left() ? cells.get(i) + padding : padding + cells.get(i));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static void appendRemark(StringBuilder text, String remark) {
        text.append("  * ").append(remark.replace("\n", "\n    ")).append('\n');
    }
}
