package org.processmanager.benchmarks.report;

import java.util.Locale;
import java.util.function.Function;

/** The formats of a report. */
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

    /** Returns the ending of a file with this format. */
    public String ending() {
        return ending;
    }

    public String render(Report report) {
        return renderer.apply(report);
    }

    /** Returns the name as it is written on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
