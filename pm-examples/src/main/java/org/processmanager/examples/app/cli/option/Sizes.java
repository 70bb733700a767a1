package org.processmanager.examples.app.cli.option;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts sizes to bytes: {@code 4096}, {@code 64k}, {@code 1.5g} and {@code 64KiB} are in units of 1024, {@code 50MB} in units
 * of 1000. Case does not matter.
 */
public final class Sizes implements ITypeConverter<Long> {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)(?:([kmgt])(i?b)?|b)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "kmgt";

    @Override
    public Long convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' (expected: a size in bytes, or as 64k, 512m, 50MB, 2g)");
        }
        BigDecimal bytes = new BigDecimal(form.group(1));
        if (form.group(2) != null) {
            int power = 1 + UNITS.indexOf(form.group(2).toLowerCase(Locale.ROOT));
            boolean decimal = "b".equalsIgnoreCase(form.group(3));
            bytes = bytes.multiply(BigDecimal.valueOf(decimal ? 1000 : 1024).pow(power));
        }
        try {
            return bytes.longValueExact();
        } catch (ArithmeticException e) {
            throw new TypeConversionException(
                    "'" + text + "' (expected: a whole number of bytes, less than 8 exabytes)");
        }
    }
}
