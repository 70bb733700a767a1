package org.processmanager.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;

/** Loads the classes of which the build makes an archive for the children of tests. */
final class WarmUp implements ChildProgram {
    @Override
    public void register(ChildCommands commands) throws InterruptedException, IOException {
        new Party().register(commands);
        Path directory = Files.createTempDirectory("pm-warm-up");
        Path file = directory.resolve("region");
        try (SharedMemory memory = SharedMemory.create(file, Party.BYTES)) {
            memory.mutex("mutex").acquire().close();
            memory.semaphore("semaphore", 1).acquire();
            memory.leasedSemaphore("leased", 1).acquire().close();
            memory.atomicLong("long").addAndGet(1);
            SharedBoundedBuffer buffer = memory.boundedBuffer("buffer", 4, 8);
            buffer.put(new byte[8]);
            buffer.takeUnacked().ack();
            SharedMemory.snapshot(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }
}
