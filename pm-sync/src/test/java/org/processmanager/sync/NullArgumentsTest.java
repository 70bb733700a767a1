package org.processmanager.sync;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.EventListener;
import org.processmanager.fixtures.NullArguments;
import org.processmanager.fixtures.Tmp;

/** Null is refused at the door, by the name of what was to be given. */
class NullArgumentsTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void null_isRefusedByName() {
        Path path = tmp.path("region");
        try (SharedMemory memory = SharedMemory.create(path, SharedMemory.megabytes(1))) {
            new NullArguments()
                    .sample(String.class, "x")
                    .sample(Path.class, path)
                    .sample(Runnable.class, (Runnable) () -> {})
                    .sample(Callable.class, (Callable<String>) () -> "")
                    .sample(Collection.class, new ArrayList<>())
                    .sample(LongUnaryOperator.class, (LongUnaryOperator) x -> x)
                    .sample(LongBinaryOperator.class, (LongBinaryOperator) Long::sum)
                    .sample(Duration.class, Duration.ZERO)
                    .sample(ByteBuffer.class, ByteBuffer.allocate(1))
                    .sample(SharedBoundedBuffer.OnConsumerDeath.class, SharedBoundedBuffer.OnConsumerDeath.DROP)
                    .check(SharedMemory.class, memory)
                    .check(SharedMutex.class, memory.mutex("mutex"))
                    .check(SharedSemaphore.class, memory.semaphore("semaphore", 1))
                    .check(LeasedSemaphore.class, memory.leasedSemaphore("leased", 1))
                    .check(SharedBoundedBuffer.class, memory.boundedBuffer("buffer", 1, 1))
                    .check(SharedLong.class, memory.atomicLong("long"))
                    .sample(IntUnaryOperator.class, (IntUnaryOperator) x -> x)
                    .sample(IntBinaryOperator.class, (IntBinaryOperator) Integer::sum)
                    .check(SharedInt.class, memory.atomicInt("int"))
                    .check(SharedBoolean.class, memory.atomicBoolean("boolean"))
                    .check(SharedBytes.class, memory.atomicBytes("value", 1))
                    .check(SharedLongArray.class, memory.longs("longs", 1))
                    .check(SharedByteArray.class, memory.bytes("bytes", 1))
                    .check(SharedCondition.class, memory.mutex("mutex").condition("condition"))
                    .sample(OwnedLatch.OnPartyDeath.class, OwnedLatch.OnPartyDeath.FAIL)
                    .check(SharedEvent.class, memory.event("event"))
                    .check(SharedLatch.class, memory.latch("latch", 1))
                    .check(OwnedLatch.class, memory.ownedLatch("owned", 1))
                    .check(SharedBarrier.class, memory.barrier("barrier", 1))
                    .check(SharedReadWriteLock.class, memory.readWriteLock("lock"))
                    .sample(Path[].class, new Path[] {path})
                    .sample(SharedMemory[].class, new SharedMemory[] {memory})
                    .sample(EventListener.class, (EventListener) event -> {})
                    .check(WaitGraph.class, memory.waitGraph())
                    .assertRefused();
        }
    }
}
