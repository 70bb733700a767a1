package org.processmanager.examples.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a run. Deleting them waits for a file that is being created, so that none is left when the JVM exits. */
final class RunFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

    private final List<Path> files = new ArrayList<>();
    private boolean deleted;

    /** @param <E> what it may throw */
    interface Making<T, E extends Exception> {
        T make() throws E;
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
        files.add(file);
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
