package org.processmanager.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.suite.Candidate;

/** The report as one self-contained page. */
public final class HtmlReport {
    private static final String STYLE = "report.css";
    private static final Map<String, String> PLACEMENTS =
            Map.of("near", "processors near each other", "far", "processors far from each other");

    private final StringBuilder page = new StringBuilder();

    private HtmlReport() {}

    public static String of(Report report) {
        return new HtmlReport().render(report);
    }

    private String render(Report report) {
        Map<String, List<CaseReport>> suites = report.cases().stream()
                .collect(Collectors.groupingBy(CaseReport::suite, LinkedHashMap::new, Collectors.toList()));
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.append(
                "<meta name=\"viewport\" content=\"width=device-width\">\n<title>ProcessManager benchmarks</title>\n");
        page.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        head(report);
        navigation(suites);
        suites.forEach(this::section);
        foot(report);
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String style() {
        try (InputStream css = HtmlReport.class.getResourceAsStream(STYLE)) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void head(Report report) {
        page.append("<h1>ProcessManager and its peers</h1>\n<p>");
        page.append("Bars are medians, the best at the top; a thin line spans the minimum to the 99th percentile and ");
        page.append("ends in an arrow if it exceeds the chart. ");
        page.append(
                "<b class=\"ours\">Ours</b> 2x: ours is twice as good as this candidate, compared within one placement of the processors. ");
        page.append("Programs in <b class=\"limit\">C</b> are the limit of the machine.</p>\n<dl class=\"machine\">\n");
        for (Report.Fact fact : report.machine()) {
            page.append("<dt>").append(Html.escape(fact.name())).append("</dt>");
            page.append("<dd>").append(Html.escape(fact.value())).append("</dd>\n");
        }
        page.append("<dt>to repeat</dt><dd><code>")
                .append(Html.escape(report.command()))
                .append("</code></dd>\n</dl>\n");
    }

    private void navigation(Map<String, List<CaseReport>> suites) {
        page.append("<nav>");
        suites.keySet()
                .forEach(suite -> page.append("<a href=\"#%s\">%s</a> ".formatted(Html.id(suite), Html.escape(suite))));
        page.append("</nav>\n");
    }

    private void section(String suite, List<CaseReport> cases) {
        page.append("<section id=\"%s\">\n<h2>%s <small>%s</small></h2>\n"
                .formatted(
                        Html.id(suite),
                        Html.escape(suite),
                        Html.escape(cases.get(0).subject())));
        List<Row> all = cases.stream().flatMap(each -> each.rows().stream()).toList();
        for (CaseReport each : cases) {
            page.append("<article id=\"%s\">\n".formatted(Html.id(suite, each.name())));
            page.append(
                    "<h3>%s <small>%s</small></h3>\n".formatted(Html.escape(each.name()), Html.escape(each.title())));
            charts(each, all);
            remarks(each);
            table(each.rows());
            page.append("</article>\n");
        }
        page.append("</section>\n");
    }

    private void charts(CaseReport report, List<Row> suite) {
        Map<String, List<Row>> byTag = report.rows().stream()
                .collect(Collectors.groupingBy(
                        Row::tag, () -> new TreeMap<>(Comparator.reverseOrder()), Collectors.toList()));
        for (Map.Entry<String, List<Row>> tag : byTag.entrySet()) {
            page.append("<figure>\n<figcaption>").append(PLACEMENTS.getOrDefault(tag.getKey(), tag.getKey()));
            page.append("</figcaption>\n")
                    .append(BarChart.of(tag.getValue(), suite))
                    .append("</figure>\n");
        }
    }

    private void remarks(CaseReport report) {
        List<String> warnings = Warnings.of(report);
        for (String warning : warnings) {
            page.append("<p class=\"warning\">").append(Html.escape(warning)).append("</p>\n");
        }
        remarks(report.remarks().stream()
                .filter(remark -> !warnings.contains(remark))
                .toList());
    }

    private void remarks(List<String> remarks) {
        if (!remarks.isEmpty()) {
            page.append("<ul class=\"remarks\">\n");
            remarks.forEach(remark -> page.append(remark.contains(" failed: ") ? "<li class=\"failed\">" : "<li>")
                    .append(Html.escape(remark))
                    .append("</li>\n"));
            page.append("</ul>\n");
        }
    }

    private void table(List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<Column> columns = Column.of(rows);
        page.append("<details>\n<summary>all figures</summary>\n<table>\n<tr>");
        columns.forEach(
                column -> page.append("<th>").append(Html.escape(column.head())).append("</th>"));
        page.append("</tr>\n");
        for (Row row : rows) {
            page.append(row.candidate().startsWith(Candidate.OURS) ? "<tr class=\"ours\">" : "<tr>");
            for (Column column : columns) {
                page.append(column.left() ? "<td class=\"text\">" : "<td>")
                        .append(Html.escape(column.value().apply(row)))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</table>\n</details>\n");
    }

    private void foot(Report report) {
        List<String> notes = new ArrayList<>(report.footnotes());
        page.append("<section id=\"candidates\">\n<h2>candidates</h2>\n<ul class=\"remarks\">\n");
        notes.forEach(note -> page.append("<li>").append(Html.escape(note)).append("</li>\n"));
        page.append("</ul>\n</section>\n");
    }
}
