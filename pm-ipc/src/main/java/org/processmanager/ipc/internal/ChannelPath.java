package org.processmanager.ipc.internal;

import java.nio.file.Path;
import java.util.Map;
import org.processmanager.core.Inheritable;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.layout.Names;

/** The file of a channel: the target itself if it has a slash, else a file of that name in this user's directory. */
public final class ChannelPath {
    private ChannelPath() {}

    /**
     * Returns the absolute path of a channel, without accessing the file system.
     *
     * @throws IllegalArgumentException if the target is neither a path nor a name
     */
    public static Path of(Endpoint endpoint) {
        if (endpoint.target().isEmpty()) {
            throw new IllegalArgumentException("target of " + endpoint
                    + " is empty (expected: a name or a path; a channel" + " without a name is created by Ipc.pair)");
        }
        try {
            return isName(endpoint)
                    ? RegionDirectory.path().resolve(Names.check(endpoint.target()))
                    : PathText.toPath(endpoint.target()).toAbsolutePath();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "target of " + endpoint + ": " + e.getMessage() + "; with a slash in it, it would be a path", e);
        }
    }

    /**
     * Checks that the endpoint of a channel without a name has no target.
     *
     * @throws IllegalArgumentException if it has one
     */
    public static void checkEmpty(Endpoint endpoint) {
        if (!endpoint.target().isEmpty()) {
            throw new IllegalArgumentException("target of " + endpoint + ": " + endpoint.target()
                    + " (expected: none, since this channel has no name)");
        }
    }

    /**
     * Creates the directory of named channels if the target is a name.
     *
     * @throws org.processmanager.ipc.ChannelException if other users can access the directory
     */
    public static void createDirectory(Endpoint endpoint) {
        if (isName(endpoint)) {
            try {
                RegionDirectory.resolve(endpoint.target());
            } catch (RegionException e) {
                throw SystemFailure.of("cannot create " + endpoint + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * Returns the file of a channel for a child process.
     *
     * @throws IllegalArgumentException if the target is not a path, or the absolute path cannot stand in an endpoint
     */
    public static Inheritable forChild(Endpoint endpoint) {
        Path path = of(endpoint);
        return Inheritable.named(
                PathText.toPath(new Endpoint(endpoint.scheme(), PathText.of(path), Map.of()).target()));
    }

    private static boolean isName(Endpoint endpoint) {
        return endpoint.target().indexOf('/') < 0;
    }
}
