package org.processmanager.core.internal.launch.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a child's environment differs from the JVM's. Immutable.
 *
 * @param cleared whether it starts from nothing
 * @param changes what is set, or with an empty value removed
 */
public record EnvironmentSpec(boolean cleared, Map<String, Optional<String>> changes) {
    /** The JVM's environment as it is. */
    public static final EnvironmentSpec INHERITED = new EnvironmentSpec(false, Map.of());

    /** A copy with one more variable. */
    public EnvironmentSpec with(String key, String value) {
        return changed(key, Optional.of(value));
    }

    /** A copy with one variable less. */
    public EnvironmentSpec without(String key) {
        return changed(key, Optional.empty());
    }

    /** Nothing at all. */
    public EnvironmentSpec clear() {
        return new EnvironmentSpec(true, Map.of());
    }

    /** The value that a child will see, or null. */
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
