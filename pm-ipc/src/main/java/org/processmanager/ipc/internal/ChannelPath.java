package org.processmanager.ipc.internal;

import java.nio.file.Path;
import java.util.Map;
import org.processmanager.core.Inheritable;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.layout.Names;

/** Where the file of a channel lies: at the target itself where it has a slash, else in this user's folder. */
public final class ChannelPath {
    private ChannelPath() {}

    /**
     * The absolute path of a channel. Touches nothing.
     *
     * @throws IllegalArgumentException if the target is no path, or no name
     */
    public static Path of(Endpoint endpoint) {
        try {
            return isName(endpoint)
                    ? RegionDirectory.path().resolve(Names.check(endpoint.target()))
                    : Path.of(endpoint.target()).toAbsolutePath();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "target of " + endpoint + ": " + e.getMessage() + "; with a slash in it, it would be a path", e);
        }
    }

    /**
     * Makes the folder in which named channels lie, if the target is a name.
     *
     * @throws ChannelException if the folder is not this user's alone
     */
    public static void makeFolder(Endpoint endpoint) {
        if (isName(endpoint)) {
            try {
                RegionDirectory.resolve(endpoint.target());
            } catch (RegionException e) {
                throw new ChannelException("cannot create " + endpoint + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * A channel's file for a child.
     *
     * @throws IllegalArgumentException if the target is no path, or no endpoint can name the file
     */
    public static Inheritable forChild(Endpoint endpoint) {
        Path path = of(endpoint);
        return Inheritable.named(Path.of(new Endpoint(endpoint.scheme(), path.toString(), Map.of()).target()));
    }

    private static boolean isName(Endpoint endpoint) {
        return endpoint.target().indexOf('/') < 0;
    }
}
