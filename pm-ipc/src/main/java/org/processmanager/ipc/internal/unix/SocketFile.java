package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.ChannelResourcesException;
import org.processmanager.sync.internal.region.file.UserId;

/** The file of a socket, accessed through the JDK alone. Anything else at its path, including a link, stays unchanged. */
record SocketFile(Path path) {
    /** The longest path in bytes. Linux has room for 107 and a zero; the JDK uses one less. */
    private static final int LONGEST_PATH = 106;

    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    /**
     * Returns the file of a path.
     *
     * @throws ChannelException if the path is too long for a socket, or the JDK cannot use it
     */
    static SocketFile of(Path path) {
        int bytes = PathText.encode(PathText.of(path)).length;
        if (bytes > LONGEST_PATH) {
            throw new ChannelException("cannot open socket " + path + ": its path has " + bytes
                    + " bytes (expected: at most " + LONGEST_PATH
                    + ", the limit of the operating system); choose a shorter path or name");
        }
        if (!isText(path)) {
            throw new ChannelException("cannot open socket " + PathText.printable(PathText.of(path))
                    + ": the JDK cannot use its path, which is not text in the encoding of this locale; choose another"
                    + " name, or run in a UTF-8 locale");
        }
        return new SocketFile(path);
    }

    /** Returns whether the JDK, which converts the address of a socket into a text and back, finds the path again. */
    private static boolean isText(Path path) {
        try {
            return Path.of(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    /**
     * Returns whether the path names a socket of this user; false if it names nothing.
     *
     * @throws ChannelException if it names something else
     */
    boolean exists() {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(path, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            Path directory = path.getParent();
            if (directory != null && Files.exists(directory) && !Files.isDirectory(directory)) {
                return false;
            }
            throw failure("cannot open " + path, e);
        }
        if ((attribute(attributes, "mode") & TYPE) != SOCKET) {
            throw new ChannelException(
                    "cannot open " + path + ": it is not a socket; it was left unchanged, choose another name");
        }
        int owner = attribute(attributes, "uid");
        if (owner != UserId.current()) {
            throw new ChannelException("cannot open " + path + ": it belongs to user " + owner + " (expected: user "
                    + UserId.current() + ", which runs this process)");
        }
        return true;
    }

    private static int attribute(Map<String, Object> attributes, String name) {
        return (int) Objects.requireNonNull(attributes.get(name), name);
    }

    /** Returns what identifies the file at the path; null if there is none, or it cannot be accessed. */
    @Nullable
    Object identity() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    ChannelNotFoundException notFound() {
        return new ChannelNotFoundException(
                "there is no socket " + path + "; its receiver creates it, with OPEN_OR_CREATE or CREATE_NEW");
    }

    /** Deletes the socket at the path; returns whether there was one. */
    boolean delete() {
        if (!exists()) {
            return false;
        }
        try {
            return Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failure("cannot delete " + path, e);
        }
    }

    /** Returns the exception for a socket that the system did not grant. */
    static ChannelResourcesException exhaustion(String what, IOException e) {
        return new ChannelResourcesException(what + ": " + e.getMessage() + "; raise the limit (ulimit -n)", e);
    }

    static ChannelException failure(String what, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new ChannelException(what + ": no such file or directory; create its directory first", e);
        }
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason != null && reason.startsWith("Too many open files")
                ? new ChannelResourcesException(what + ": " + e + "; raise the limit (ulimit -n)", e)
                : new ChannelException(what + ": " + e + "; check the directory and its permissions", e);
    }
}
