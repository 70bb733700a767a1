package org.processmanager.core.internal.launch.spec;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Inheritable;

/**
 * What ties a child to this JVM. Immutable.
 *
 * @param resources what it is handed, by the variables that announce it
 * @param dieWithParent whether it ends when the JVM does, in whatever way that ends
 * @param file what it reads its arguments from, or null
 */
public record Ties(
        Map<String, Inheritable> resources,
        boolean dieWithParent,
        @Nullable PrivateFile file) {
    /** No ties. */
    public static final Ties NONE = new Ties(Map.of(), false, null);

    /** What only {@code posix_spawn} can do. */
    public List<String> names() {
        return dieWithParent ? List.of("dying with the parent") : List.of();
    }

    /** A copy that hands over one more resource, or another one by that name. */
    public Ties with(String variable, Inheritable resource) {
        Map<String, Inheritable> copy = new TreeMap<>(resources);
        copy.put(variable, resource);
        return new Ties(Map.copyOf(copy), dieWithParent, file);
    }

    /** A copy of a child that dies with its parent. */
    public Ties withDeath() {
        return new Ties(resources, true, file);
    }

    /** A copy for a program that reads its arguments from a file. */
    public Ties withFile(PrivateFile arguments) {
        return new Ties(resources, dieWithParent, arguments);
    }
}
