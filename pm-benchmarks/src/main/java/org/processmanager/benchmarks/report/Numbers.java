package org.processmanager.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import org.processmanager.benchmarks.suite.Unit;

/** Formats numbers with three significant digits. */
final class Numbers {
    private static final String NONE = "-";
    private static final double THOUSAND = 1_000;
    private static final List<String> TIMES = List.of("ns", "us", "ms", "s");
    private static final List<String> RATES = List.of("1/s", "k/s", "M/s", "G/s");

    private Numbers() {}

    static String figure(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value).replace(',', ' ');
    }

    /** Formats a figure in the unit that people read: "54.3 ms" rather than "54 300 us". */
    static String withUnit(double value, Unit unit) {
        List<String> symbols = unit.isTime() ? TIMES : unit.moreIsBetter() ? RATES : List.of(unit.symbol());
        int at = symbols.indexOf(unit.symbol());
        double scaled = value;
        while (at + 1 < symbols.size() && Math.abs(scaled) >= THOUSAND) {
            scaled /= THOUSAND;
            at++;
        }
        while (at > 0 && scaled != 0 && Math.abs(scaled) < 1) {
            scaled *= THOUSAND;
            at--;
        }
        return figure(scaled) + " " + symbols.get(at);
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
