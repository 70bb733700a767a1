package org.processmanager.core.internal.launch.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;

/**
 * Finds the file of a program as a shell would: a name with a slash is relative to the working directory of the child, any
 * other is searched in the {@code PATH} of the child. Relative elements of {@code PATH} are also relative to that directory; an
 * empty one is the directory itself.
 */
public final class ProgramFinder {
    /** The path that the C library searches if {@code PATH} is not set. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    /** Checks of files, as a launcher implements them. */
    public interface Probe {
        /** Returns whether the path leads to a file that this process may execute. */
        boolean isProgram(String file);

        /** Returns whether the path leads to a file that may not be executed, or may not be searched. */
        boolean isRefused(String file);

        /** Returns the environment of this JVM. */
        Map<String, String> inherited();
    }

    private final Probe probe;

    public ProgramFinder(Probe probe) {
        this.probe = probe;
    }

    /**
     * Returns the file to execute. A program with a slash is not checked, since executing it reports more.
     *
     * @param directory the working directory with a slash at its end, which is put before a relative file; or null
     * @throws LaunchException if there is none
     */
    public String find(LaunchSpec spec, @Nullable String directory) {
        String program = spec.program();
        if (program.indexOf('/') >= 0) {
            return below(directory, program);
        }
        String searched = spec.environment() == EnvironmentSpec.INHERITED
                ? probe.inherited().get("PATH")
                : spec.environment().value("PATH", probe.inherited());
        String path = searched == null ? DEFAULT_PATH : searched;
        int start = 0;
        while (start <= path.length()) {
            int end = path.indexOf(':', start);
            end = end < 0 ? path.length() : end;
            String file = candidate(directory, path.substring(start, end), program);
            if (probe.isProgram(file)) {
                return file;
            }
            start = end + 1;
        }
        throw notFound(program, directory, path, searched == null);
    }

    private LaunchException notFound(String program, @Nullable String directory, String path, boolean isDefault) {
        List<String> refused = new ArrayList<>();
        for (String element : path.split(":", -1)) {
            String file = candidate(directory, element, program);
            if (probe.isRefused(file)) {
                refused.add(file);
            }
        }
        if (!refused.isEmpty()) {
            return new LaunchException(
                    LaunchException.Reason.NOT_EXECUTABLE,
                    "cannot start " + program + ": found " + String.join(", ", refused)
                            + ", but without permission to execute it");
        }
        return new LaunchException(
                LaunchException.Reason.NOT_FOUND,
                "cannot start " + program + ": no such program in the PATH "
                        + (isDefault ? "(not set; " + path + ")" : path));
    }

    /** Returns a path with a slash, because a bare name would be searched again when it is executed. */
    private static String candidate(@Nullable String directory, String element, String program) {
        return below(directory, (element.isEmpty() ? "." : element) + "/" + program);
    }

    private static String below(@Nullable String directory, String file) {
        return file.startsWith("/") || directory == null ? file : directory + file;
    }
}
