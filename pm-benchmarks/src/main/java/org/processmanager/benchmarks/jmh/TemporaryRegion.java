package org.processmanager.benchmarks.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.sync.SharedMemory;

/** A region in a temporary directory for one benchmark; in shared memory if the system has some. */
final class TemporaryRegion implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int MEGABYTES = 8;

    private final Path directory;
    private final SharedMemory memory;

    TemporaryRegion() {
        try {
            directory = Files.isWritable(SHARED_MEMORY)
                    ? Files.createTempDirectory(SHARED_MEMORY, "pm-jmh-")
                    : Files.createTempDirectory("pm-jmh-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        memory = SharedMemory.create(file(), SharedMemory.megabytes(MEGABYTES));
    }

    /** Returns the file of the region, for another handle. */
    Path file() {
        return directory.resolve("region");
    }

    Path directory() {
        return directory;
    }

    SharedMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        memory.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
