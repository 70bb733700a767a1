package org.processmanager.core.internal.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.LaunchException;

/**
 * Finds the file of a program as a shell in the child's place would: a name with a slash is taken relative to the child's
 * working directory, any other is looked for in the child's {@code PATH}, whose relative elements too start from there.
 */
final class ProgramFinder {
    /** What the C library searches where {@code PATH} is not set. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    /** What is known of a candidate. */
    enum Found {
        RUNNABLE,
        NOT_RUNNABLE,
        MISSING
    }

    /** Looks at one candidate. */
    interface Probe {
        Found look(String file);
    }

    private final Probe probe;

    ProgramFinder(Probe probe) {
        this.probe = probe;
    }

    /** The file to execute; one with a slash is not looked at, since executing it tells more. */
    String find(LaunchSpec spec) {
        String program = spec.program();
        if (program.indexOf('/') >= 0) {
            return absolute(program, spec.directory());
        }
        String searched = spec.environment().value("PATH", System.getenv());
        List<String> refused = new ArrayList<>();
        for (String element : (searched == null ? DEFAULT_PATH : searched).split(":", -1)) {
            String file = absolute(element.isEmpty() ? program : element + "/" + program, spec.directory());
            switch (probe.look(file)) {
                case RUNNABLE -> {
                    return file;
                }
                case NOT_RUNNABLE -> refused.add(file);
                case MISSING -> {}
            }
        }
        if (!refused.isEmpty()) {
            throw new LaunchException.NotExecutable("cannot start " + program + ": found " + String.join(", ", refused)
                    + ", but without permission to execute it");
        }
        throw new LaunchException.NotFound("cannot start " + program + ": no such program in the PATH "
                + (searched == null ? "(not set; " + DEFAULT_PATH + ")" : searched));
    }

    private static String absolute(String file, @org.jspecify.annotations.Nullable Path directory) {
        if (file.startsWith("/") || directory == null) {
            return file;
        }
        return directory.toAbsolutePath() + "/" + file;
    }
}
