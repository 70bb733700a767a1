package org.processmanager.examples.app.cli.option;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts durations: {@code 500ms}, {@code 2s}, {@code 1.5s}, {@code 3m}, {@code 1h}; a bare number is seconds. */
public final class Durations implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ms|s|m|h)?");

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' (expected: a duration as 500ms, 1.5s, 2m or 1h)");
        }
        long unitNanos =
                switch (form.group(2) == null ? "s" : form.group(2)) {
                    case "ms" -> 1_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 1_000_000_000L;
                };
        BigDecimal nanos = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unitNanos));
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new TypeConversionException("'" + text + "' (expected: at most 292 years)");
        }
        return Duration.ofNanos(nanos.setScale(0, RoundingMode.UP).longValue());
    }

    /** Returns the duration in seconds, without trailing zeros. */
    public static String text(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds())
                .add(BigDecimal.valueOf(duration.getNano(), 9))
                .stripTrailingZeros();
        return seconds.toPlainString() + " s";
    }

    /** Returns a short text for tables: {@code 12 ms}, {@code 3.4 s}, {@code 2 m 5 s}, {@code 3 h 20 m}. */
    public static String shortText(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return millis / 1_000 + "." + millis % 1_000 / 100 + " s";
        }
        long minutes = millis / 60_000;
        return minutes < 60 ? minutes + " m " + millis / 1_000 % 60 + " s" : minutes / 60 + " h " + minutes % 60 + " m";
    }
}
