package org.processmanager.core.internal.launch.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;

/**
 * Finds the file of a program as a shell in the child's place would: a name with a slash is taken relative to the child's
 * working directory, any other is looked for in the child's {@code PATH}, whose relative elements too start from there; an
 * empty one is that directory itself.
 */
public final class ProgramFinder {
    /** What the C library searches where {@code PATH} is not set. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    /** What is known of a candidate. */
    public enum Found {
        RUNNABLE,
        NOT_RUNNABLE,
        MISSING
    }

    /** Looks at one candidate. */
    public interface Probe {
        Found look(String file);
    }

    private final Probe probe;
    private final Supplier<Map<String, String>> inherited;

    /** {@code inherited} is the environment of the JVM. */
    public ProgramFinder(Probe probe, Supplier<Map<String, String>> inherited) {
        this.probe = probe;
        this.inherited = inherited;
    }

    /**
     * The file to execute; one with a slash is not looked at, since executing it tells more. A relative one gets
     * {@code directory}, which ends with a slash, in front of it.
     */
    public String find(LaunchSpec spec, @Nullable String directory) {
        String program = spec.program();
        if (program.indexOf('/') >= 0) {
            return below(directory, program);
        }
        String searched = spec.environment().value("PATH", inherited.get());
        List<String> refused = new ArrayList<>();
        List<String> folders = List.of((searched == null ? DEFAULT_PATH : searched).split(":", -1));
        for (String element : folders) {
            // With a slash in any case: a bare name would be looked for again by whoever executes it, elsewhere.
            String file = below(directory, (element.isEmpty() ? "." : element) + "/" + program);
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
        throw new LaunchException.NotFound(
                "cannot start " + program + ": no such program in the PATH "
                        + (searched == null ? "(not set; " + DEFAULT_PATH + ")" : searched),
                () -> suggestion(program, folders, directory));
    }

    private static String suggestion(String program, List<String> folders, @Nullable String directory) {
        List<String> near = NearNames.find(
                program,
                folders.stream()
                        .map(folder -> below(directory, folder.isEmpty() ? "." : folder))
                        .toList());
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    private static String below(@Nullable String directory, String file) {
        return file.startsWith("/") || directory == null ? file : directory + file;
    }
}
