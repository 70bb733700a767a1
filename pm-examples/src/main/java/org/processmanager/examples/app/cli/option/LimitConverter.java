package org.processmanager.examples.app.cli.option;

import java.util.function.UnaryOperator;
import org.processmanager.core.ResourceLimits;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts one limit: {@code openFiles=64}, {@code cpu=10s}, {@code memory=512m}. */
final class LimitConverter implements ITypeConverter<LimitConverter.Limit> {
    /** The names and their values, for the help. */
    static final String NAMES =
            "openFiles=N, processes=N, cpu=TIME, memory=SIZE, data=SIZE, stack=SIZE, fileSize=SIZE," + " core=SIZE";

    /**
     * A change of limits.
     *
     * @param name of the limit
     * @param change applies it
     */
    record Limit(String name, UnaryOperator<ResourceLimits> change) {}

    @Override
    public Limit convert(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw bad(text);
        }
        String name = text.substring(0, equals);
        String value = text.substring(equals + 1);
        UnaryOperator<ResourceLimits> change =
                switch (name) {
                    case "openFiles" -> limits -> limits.openFiles(number(value));
                    case "processes" -> limits -> limits.processes(number(value));
                    case "cpu" -> limits -> limits.cpuTime(new Durations().convert(value));
                    case "memory" -> limits -> limits.memory(size(value));
                    case "data" -> limits -> limits.data(size(value));
                    case "stack" -> limits -> limits.stack(size(value));
                    case "fileSize" -> limits -> limits.fileSize(size(value));
                    case "core" -> limits -> limits.coreDump(size(value));
                    default -> throw bad(text);
                };
        try {
            change.apply(ResourceLimits.none());
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
        return new Limit(name, change);
    }

    private static TypeConversionException bad(String text) {
        return new TypeConversionException("'" + text + "' (expected: " + NAMES + ")");
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' (expected: a number)");
        }
    }

    private static long size(String text) {
        return new Sizes().convert(text);
    }
}
