package org.processmanager.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.suite.Candidate;

/** The report for {@code docs/benchmarks.md}: a table for each suite with the most important figures. */
public final class MarkdownReport {
    private static final List<String> SHOWN =
            List.of("placed", "median", "p99", "advantage", "cpu s", "peak MiB", "threads", "B/op", "least share");

    private final StringBuilder text = new StringBuilder();

    private MarkdownReport() {}

    public static String of(Report report) {
        return new MarkdownReport().render(report);
    }

    private String render(Report report) {
        report.machine().forEach(fact -> text.append("- ")
                .append(fact.name())
                .append(": ")
                .append(escape(fact.value()))
                .append('\n'));
        text.append("- command: `").append(report.command()).append("`\n");
        Map<String, List<CaseReport>> suites = report.cases().stream()
                .collect(Collectors.groupingBy(CaseReport::suite, LinkedHashMap::new, Collectors.toList()));
        suites.forEach(this::section);
        text.append("\n### candidates\n\n");
        bullets(report.footnotes());
        return text.toString();
    }

    private void section(String suite, List<CaseReport> cases) {
        text.append("\n### ")
                .append(suite)
                .append(": ")
                .append(escape(cases.get(0).subject()));
        text.append("\n\n");
        List<Column> columns = Column.of(
                        cases.stream().flatMap(each -> each.rows().stream()).toList())
                .stream()
                .filter(column -> SHOWN.contains(column.head()))
                .toList();
        List<String> heads = new ArrayList<>(List.of("case", "candidate"));
        columns.forEach(column -> heads.add(column.head()));
        line(heads);
        line(heads.stream()
                .map(head -> SHOWN.indexOf(head) > 0 ? "---:" : "---")
                .toList());
        cases.forEach(each -> rows(each, columns));
        List<String> remarks = cases.stream()
                .flatMap(each -> each.remarks().stream().map(remark -> each.name() + ": " + remark))
                .toList();
        if (!remarks.isEmpty()) {
            text.append('\n');
            bullets(remarks);
        }
    }

    private void rows(CaseReport report, List<Column> columns) {
        String head = "`" + report.name() + "`, " + report.unit();
        for (Row row : report.rows()) {
            List<String> cells = new ArrayList<>(List.of(head, candidate(row)));
            columns.forEach(column -> cells.add(escape(column.value().apply(row))));
            line(cells);
            head = "";
        }
    }

    private static String candidate(Row row) {
        String name = escape(Column.candidate(row));
        if (row.candidate().startsWith(Candidate.OURS)) {
            name = "**" + name + "**";
        }
        return row.verified() ? name : name + " NOT VERIFIED";
    }

    private void line(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private void bullets(List<String> lines) {
        lines.forEach(each -> text.append("- ").append(escape(each)).append('\n'));
    }

    private static String escape(String value) {
        return value.replace("|", "\\|").replace("<", "&lt;").replaceAll("\\R", " ");
    }
}
