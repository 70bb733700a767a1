package org.processmanager.core.internal.launch.program;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.FileChecks;

/** Finds the system programs that a launch needs: in the usual directories, else in the {@code PATH} of the JVM. */
public final class SystemTools {
    private static final List<String> PLACES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");
    private static final Map<String, String> FOUND = new ConcurrentHashMap<>();

    private SystemTools() {}

    /**
     * Returns the file of a tool.
     *
     * @param purpose why the launch needs it, for the message
     * @throws LaunchException with {@link LaunchException.Reason#TOOL_MISSING} if it is not installed
     */
    public static String find(LaunchSpec spec, String tool, String purpose) {
        String known = FOUND.get(tool);
        if (known != null && FileChecks.mayExecute(known) == 0) {
            return known;
        }
        Set<String> places = new LinkedHashSet<>(PLACES);
        for (String place : Environments.inherited().getOrDefault("PATH", "").split(":")) {
            if (place.startsWith("/")) {
                places.add(place);
            }
        }
        for (String place : places) {
            String file = place + "/" + tool;
            if (FileChecks.mayExecute(file) == 0 && !FileChecks.isDirectory(file)) {
                FOUND.put(tool, file);
                return file;
            }
        }
        throw new LaunchException(
                LaunchException.Reason.TOOL_MISSING,
                "cannot start " + spec.program() + ": " + purpose + " needs " + tool + ", which is not in "
                        + String.join(":", places) + "; install util-linux and coreutils");
    }
}
