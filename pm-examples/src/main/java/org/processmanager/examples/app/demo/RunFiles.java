package org.processmanager.examples.app.demo;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.processmanager.examples.UnusedRegions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a run: its region, and others whose names are that of the region and a suffix. Deleting them waits for a file
 * that is being created, so that none is left when the JVM exits. A killed run leaves them; the next run deletes them.
 */
final class RunFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

    private static final String PREFIX = "demo-";
    private static final String SUFFIX = ".";

    private final Deque<Path> files = new ArrayDeque<>();
    private boolean deleted;

    /** @param <E> what it may throw */
    interface Making<T, E extends Exception> {
        T make() throws E;
    }

    /** Returns a name for the region of a new run. */
    static String newName() {
        return PREFIX + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    }

    /**
     * Deletes the files of killed runs: no process has their regions open. What cannot be deleted stays.
     *
     * @param createdBefore leaves later regions, whose creators may be about to open them
     */
    static void deleteAbandoned(Path directory, Instant createdBefore) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*-*")) {
            for (Path file : found) {
                if (isAbandoned(file, createdBefore)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("cannot delete the files of killed runs in {}", directory, e);
        }
    }

    private static boolean isAbandoned(Path file, Instant createdBefore) throws IOException {
        Path region = file.resolveSibling(file.getFileName().toString().split(Pattern.quote(SUFFIX))[0]);
        return Files.exists(region)
                ? UnusedRegions.isUnused(region, createdBefore)
                : Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(createdBefore);
    }

    /**
     * Creates a file.
     *
     * @throws InterruptedException if the files were deleted before
     */
    synchronized <T, E extends Exception> T make(Path file, Making<T, E> making) throws E, InterruptedException {
        if (deleted) {
            throw new InterruptedException();
        }
        files.push(file); // the region is created first and deleted last
        return making.make();
    }

    /** Deletes all files; later ones are refused. */
    synchronized void deleteAll() {
        deleted = true;
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("cannot delete {}; delete it by hand", file, e);
            }
        }
    }
}
