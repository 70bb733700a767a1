package org.processmanager.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** How a report is shown. */
public enum Format {
    TABLE("txt", TableReport::of),
    JSON("json", JsonReport::of),
    HTML("html", HtmlReport::of),
    MARKDOWN("md", MarkdownReport::of);

    private final String ending;
    private final Function<Report, String> renderer;

    Format(String ending, Function<Report, String> renderer) {
        this.ending = ending;
        this.renderer = renderer;
    }

    /** Of a file that holds it. */
    public String ending() {
        return ending;
    }

    public String render(Report report) {
        return renderer.apply(report);
    }

    /** As they are written on a command line. */
    public static List<String> names() {
        return Arrays.stream(values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    public static Format named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
