package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.NullArguments;
import org.processmanager.fixtures.Tmp;

/** Null is refused at the door, by the name of what was to be given. */
class NullArgumentsTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void null_isRefusedByItsName() {
        Path path = tmp.path("region");
        try (SharedMemory memory = SharedMemory.open(path, OpenMode.CREATE_NEW, SharedMemory.megabytes(1))) {
            new NullArguments()
                    .sample(String.class, "x")
                    .sample(Path.class, path)
                    .sample(OpenMode.class, OpenMode.OPEN_EXISTING)
                    .sample(Duration.class, Duration.ZERO)
                    .sample(ByteBuffer.class, ByteBuffer.allocate(1))
                    .sample(SharedBoundedBuffer.OnConsumerDeath.class, SharedBoundedBuffer.OnConsumerDeath.DROP)
                    .check(SharedMemory.class, memory)
                    .check(SharedMutex.class, memory.mutex("mutex"))
                    .check(SharedSemaphore.class, memory.semaphore("semaphore", 1))
                    .check(LeasedSemaphore.class, memory.leasedSemaphore("leased", 1))
                    .check(SharedBoundedBuffer.class, memory.boundedBuffer("buffer", 1, 1))
                    .check(SharedLong.class, memory.atomicLong("long"))
                    .assertRefused();
        }
    }
}
