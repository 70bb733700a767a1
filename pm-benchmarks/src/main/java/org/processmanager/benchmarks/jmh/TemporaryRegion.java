package org.processmanager.benchmarks.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedMemory;

/** A folder of one benchmark alone, with a region in it; in shared memory where the system has some. */
final class TemporaryRegion implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int MEGABYTES = 8;

    private final Path folder;
    private final SharedMemory memory;

    TemporaryRegion() {
        try {
            folder = Files.isWritable(SHARED_MEMORY)
                    ? Files.createTempDirectory(SHARED_MEMORY, "pm-jmh-")
                    : Files.createTempDirectory("pm-jmh-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        memory = SharedMemory.open(folder.resolve("region"), OpenMode.CREATE_NEW, SharedMemory.megabytes(MEGABYTES));
    }

    Path folder() {
        return folder;
    }

    SharedMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        memory.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
