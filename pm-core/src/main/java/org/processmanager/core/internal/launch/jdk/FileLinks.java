package org.processmanager.core.internal.launch.jdk;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.slf4j.LoggerFactory;

/**
 * The files that {@link ProcessBuilder} opens for one launch. A {@link File} has a name of characters, encoded by the charset
 * of the locale. A path that this charset cannot represent is reached through a symbolic link in a temporary directory of
 * this user, which exists until the process is started.
 */
final class FileLinks implements AutoCloseable {
    private final List<Path> links = new ArrayList<>();
    private @Nullable Path directory;

    /**
     * Returns a file that leads to the path.
     *
     * @throws LaunchException if it needs a link that cannot be created
     */
    File file(Path path) {
        if (isRepresentable(path)) {
            return path.toFile();
        }
        try {
            if (directory == null) {
                directory = Files.createTempDirectory(
                        "pm-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path link = directory.resolve(Integer.toString(links.size()));
            links.add(Files.createSymbolicLink(link, path.toAbsolutePath()));
            return link.toFile();
        } catch (IOException e) {
            throw new LaunchException(
                    LaunchException.Reason.OTHER,
                    "cannot create a link to " + path + ", whose name has bytes that the charset of the locale does not"
                            + " represent: " + e,
                    e);
        }
    }

    /** Returns whether a {@link File} of its text has the same bytes. */
    static boolean isRepresentable(Path path) {
        try {
            return path.toFile().toPath().equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    boolean isLink(File file) {
        return links.contains(file.toPath());
    }

    @Override
    public void close() {
        try {
            for (Path link : links) {
                Files.deleteIfExists(link);
            }
            if (directory != null) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(FileLinks.class).warn("cannot delete {}: {}", directory, e.toString());
        }
    }
}
