package org.processmanager.core.internal.launch.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PathText;

/**
 * How a child's environment differs from the JVM's. Immutable.
 *
 * @param cleared whether the inherited variables are removed
 * @param changes the variables that are set or, with an empty value, removed
 */
public record EnvironmentSpec(boolean cleared, Map<String, Optional<String>> changes) {
    private static final String PWD = "PWD";
    private static final Path CURRENT = Path.of("/proc/self/cwd");

    /** The unchanged environment of the JVM. */
    public static final EnvironmentSpec INHERITED = new EnvironmentSpec(false, Map.of());

    /** Returns a copy with a variable set. */
    public EnvironmentSpec with(String key, String value) {
        return changed(key, Optional.of(value));
    }

    /** Returns a copy with a variable removed. */
    public EnvironmentSpec without(String key) {
        return changed(key, Optional.empty());
    }

    /** Returns an empty environment. */
    public EnvironmentSpec clear() {
        return new EnvironmentSpec(true, Map.of());
    }

    /**
     * Returns a copy in which {@code PWD} names the working directory of the child, as shells set it, unless the variable was
     * set or removed, or all were.
     *
     * @param passable whether a value can be passed; otherwise the variable is removed
     */
    public EnvironmentSpec inDirectory(@Nullable Path directory, Predicate<String> passable) {
        if (directory == null || cleared || changes.containsKey(PWD)) {
            return this;
        }
        String text = PathText.of(absolute(directory));
        return passable.test(text) ? with(PWD, text) : without(PWD);
    }

    /** A relative path starts from the working directory of the process, which {@code user.dir} need not be. */
    private static Path absolute(Path directory) {
        try {
            Path here = directory.isAbsolute()
                    ? directory
                    : Files.readSymbolicLink(CURRENT).resolve(directory);
            for (Path name : here) {
                if (name.endsWith("..")) {
                    return here.toRealPath(); // behind a symbolic link, it leads elsewhere than the text
                }
            }
            return here.normalize();
        } catch (IOException | UnsupportedOperationException e) {
            return directory.toAbsolutePath().normalize();
        }
    }

    /** Returns the value of a variable in the child, or null. */
    public @Nullable String value(String key, Map<String, String> inherited) {
        Optional<String> change = changes.get(key);
        if (change != null) {
            return change.orElse(null);
        }
        return cleared ? null : inherited.get(key);
    }

    private EnvironmentSpec changed(String key, Optional<String> value) {
        Map<String, Optional<String>> copy = new LinkedHashMap<>(changes);
        copy.put(key, value);
        return new EnvironmentSpec(cleared, copy);
    }
}
