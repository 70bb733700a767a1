package org.processmanager.examples.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Files of the command line; there is nothing to start relative ones from if the caller's working directory is gone. */
final class PathConverter implements ITypeConverter<Path> {
    /** System property, given by the start script: the caller's working directory is gone, and this is another one. */
    private static final String NOWHERE = "pm.nowhere";

    static boolean isNowhere() {
        return Boolean.getBoolean(NOWHERE);
    }

    @Override
    public Path convert(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not a valid path");
        }
        if (isNowhere() && !path.isAbsolute()) {
            throw new TypeConversionException(
                    "'" + text + "' (expected: an absolute path, since the working directory is gone)");
        }
        return path;
    }
}
