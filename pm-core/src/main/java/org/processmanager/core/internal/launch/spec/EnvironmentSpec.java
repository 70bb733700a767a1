package org.processmanager.core.internal.launch.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a child's environment differs from the JVM's. Immutable.
 *
 * @param cleared whether the inherited variables are removed
 * @param changes the variables that are set or, with an empty value, removed
 */
public record EnvironmentSpec(boolean cleared, Map<String, Optional<String>> changes) {
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
