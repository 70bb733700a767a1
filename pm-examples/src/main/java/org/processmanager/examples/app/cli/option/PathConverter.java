package org.processmanager.examples.app.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Files of the command line; there is nothing to start relative ones from if the caller's working directory is gone. */
public final class PathConverter implements ITypeConverter<Path> {
    /** System property, given by the start script: the caller's working directory is gone, and this is another one. */
    private static final String NOWHERE = "pm.nowhere";

    public static boolean isNowhere() {
        return Boolean.getBoolean(NOWHERE);
    }

    /**
     * A file that something else than an option or argument of that type names.
     *
     * @param where what names it
     * @throws CommandFailure if it is none, or nothing to start from
     */
    public static Path fileOf(String where, String text) {
        try {
            return new PathConverter().convert(text);
        } catch (TypeConversionException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, where + ": " + e.getMessage(), e);
        }
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
