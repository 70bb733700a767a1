package org.processmanager.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What makes the figures of a case doubtful. */
public final class Warnings {
    private static final long FEWEST_DURATIONS = 30;
    private static final long FEWEST_RATES = 5;
    private static final double MOST_BUSY = 0.1;
    private static final String LOAD = "other programs used ";

    private Warnings() {}

    /** Returns lines on load during the case and on candidates with few samples. */
    static List<String> of(CaseReport report) {
        List<String> warnings = new ArrayList<>();
        report.remarks().stream().filter(remark -> remark.startsWith(LOAD)).forEach(warnings::add);
        String few = report.rows().stream()
                .filter(row -> row.verified() && row.samples() < fewest(row))
                .map(row -> row.candidate() + " " + row.samples())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!few.isEmpty()) {
            warnings.add("few samples, the figures may change from run to run: " + few);
        }
        return warnings;
    }

    private static long fewest(Row row) {
        return row.unit().moreIsBetter() ? FEWEST_RATES : FEWEST_DURATIONS;
    }

    /** Returns the remarks with one more if the machine was busy while nothing of the case ran. */
    public static List<String> withLoad(List<String> remarks, double busyShare) {
        if (!(busyShare > MOST_BUSY)) {
            return remarks;
        }
        List<String> all = new ArrayList<>(remarks);
        all.add(String.format(
                Locale.ROOT,
                LOAD + "%.0f %% of the processors just before or after this case: its figures are doubtful",
                100 * busyShare));
        return all;
    }
}
