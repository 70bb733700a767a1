package org.processmanager.ipc.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.processmanager.core.InheritedResources;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.Endpoint;

/** The endpoint of a channel that the parent passed to this process. */
public final class InheritedChannel {
    private static final int TYPE_MASK = 0170000;
    private static final int PIPE = 0010000;
    private static final int REGULAR = 0100000;
    private static final int SOCKET = 0140000;

    private InheritedChannel() {}

    /**
     * Returns the endpoint of a channel of any scheme, which the type of the file tells.
     *
     * @throws ChannelNotFoundException if nothing was passed by that name, or the file does not exist
     * @throws ChannelException if it is no channel
     */
    public static Endpoint find(String name) {
        InheritedResources resource = InheritedResources.find(name).orElseThrow(() -> missing(name));
        boolean open = resource.descriptor().isPresent();
        int type = typeOf(name, resource.path(), open);
        String scheme;
        if (type == PIPE) {
            scheme = open ? "pipe" : "fifo";
        } else if (type == REGULAR) {
            scheme = "mapped";
        } else if (type == SOCKET && !open) {
            scheme = "unix";
        } else {
            throw new ChannelException("cannot open channel '" + name + "': " + resource.path()
                    + " is no channel (expected: an open pipe or region, or the name of a FIFO, a socket or a region)");
        }
        return new Endpoint(scheme, PathText.of(resource.path()), Map.of());
    }

    /**
     * Returns the endpoint of a channel of a scheme, whose file may be missing.
     *
     * @throws ChannelNotFoundException if no file was passed by that name
     */
    public static Endpoint find(String name, String scheme) {
        InheritedResources resource = InheritedResources.find(name)
                .filter(found -> found.descriptor().isEmpty())
                .orElseThrow(() -> missing(name));
        return new Endpoint(scheme, PathText.of(resource.path()), Map.of());
    }

    private static int typeOf(String name, Path path, boolean open) {
        LinkOption[] options = open ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        try {
            return (int) Files.getAttribute(path, "unix:mode", options) & TYPE_MASK;
        } catch (NoSuchFileException e) {
            throw new ChannelNotFoundException("cannot open channel '" + name + "': there is no " + path
                    + "; if this process creates it, use inherited(\"" + name + "\", scheme)");
        } catch (IOException e) {
            throw new ChannelException("cannot open channel '" + name + "': " + e, e);
        }
    }

    private static ChannelNotFoundException missing(String name) {
        return new ChannelNotFoundException(
                "cannot open channel '" + name + "': this process inherited none; start it with" + " pass(\"" + name
                        + "\", Ipc.forChild(endpoint)), or with an end of Ipc.pair");
    }
}
