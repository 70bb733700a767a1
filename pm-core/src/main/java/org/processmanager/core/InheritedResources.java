package org.processmanager.core;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.posix.PathText;

/**
 * A resource that a parent process passed to this JVM: the other side of {@link Command#pass}.
 *
 * <pre>{@code
 * Path ledger = InheritedResources.find("ledger").orElseThrow().path();
 * try (FileChannel channel = FileChannel.open(ledger, READ, WRITE)) { ... }
 * }</pre>
 *
 * @param name the name that the parent gave it, in upper case
 * @param descriptor the descriptor that is open for it; empty if it is announced as a file
 * @param path a name by which it can be opened as long as this JVM lives: the file's own, or that of the descriptor in
 *     {@code /proc}, which cannot be opened if it is a socket
 */
public record InheritedResources(String name, OptionalInt descriptor, Path path) {
    private static final String FD = "fd:";
    private static final String FILE = "file:";

    /**
     * Finds a resource.
     *
     * @param name the name that the parent gave it; case does not matter
     * @return the resource, or empty if none was passed by that name
     * @throws IllegalArgumentException if the name is invalid, as for {@link Command#pass}
     * @throws ProcessManagerException if the environment variable that announces it is malformed
     */
    public static Optional<InheritedResources> find(String name) {
        String key = PassedResources.variable(name);
        return Optional.ofNullable(PassedResources.announced(key)).map(value -> parse(key, value));
    }

    /** Parses an environment variable. */
    static InheritedResources parse(String key, String value) {
        String name = key.substring(PassedResources.PREFIX.length());
        try {
            if (value.startsWith(FD)) {
                int descriptor = Integer.parseInt(value.substring(FD.length()));
                if (descriptor >= 0) {
                    return new InheritedResources(
                            name, OptionalInt.of(descriptor), Path.of("/proc/self/fd/" + descriptor));
                }
            } else if (value.startsWith(FILE + "/")) {
                return new InheritedResources(
                        name, OptionalInt.empty(), PathText.toPath(value.substring(FILE.length())));
            }
        } catch (IllegalArgumentException e) {
            throw new ProcessManagerException(malformed(key, value), e);
        }
        throw new ProcessManagerException(malformed(key, value));
    }

    private static String malformed(String key, String value) {
        return "cannot use the environment variable " + key + ": \"" + value
                + "\" (expected: fd:<number> or file:<absolute name>)";
    }
}
