package org.processmanager.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.sync.SharedMemory;

/** One region, opened twice: two participants with a mapping each, as in two processes. Deleted with the JVM. */
final class TwoHandles {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int MEGABYTES = 1;

    final SharedMemory first;
    final SharedMemory second;

    TwoHandles() {
        try {
            Path directory = Files.isWritable(SHARED_MEMORY)
                    ? Files.createTempDirectory(SHARED_MEMORY, "pm-stress-")
                    : Files.createTempDirectory("pm-stress-");
            Path file = directory.resolve("region");
            first = SharedMemory.create(file, SharedMemory.megabytes(MEGABYTES));
            second = SharedMemory.open(file);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(Path directory) {
        first.close();
        second.close();
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
