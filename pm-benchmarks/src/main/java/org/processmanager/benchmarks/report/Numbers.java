package org.processmanager.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Formats numbers with three significant digits. */
final class Numbers {
    private static final String NONE = "-";

    private Numbers() {}

    static String figure(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value).replace(',', ' ');
    }

    /** Formats a round number exactly. */
    static String plain(double value) {
        String text = new BigDecimal(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
        return value >= 1_000 ? figure(value) : text;
    }

    /** Formats a ratio: "2.31x". */
    static String times(double advantage) {
        return Double.isFinite(advantage) ? figure(advantage) + "x" : NONE;
    }

    static String mebibytes(double bytes) {
        return figure(bytes / (1 << 20));
    }

    static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f%%", 100 * share) : NONE;
    }
}
