package org.processmanager.sync;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.processmanager.fixtures.Eventually;

/** Collections of garbage that a test waits for. */
final class GarbageCollections {
    private static final Duration WATCHDOG = Duration.ofSeconds(20);

    private GarbageCollections() {}

    /** Collects until it is so. */
    static void until(String what, BooleanSupplier condition) {
        Eventually.assertThat(WATCHDOG, what, () -> {
            System.gc();
            return condition.getAsBoolean();
        });
    }

    /** So many collections, each seen by an object that it has found. */
    static void pass(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            ReferenceQueue<Object> found = new ReferenceQueue<>();
            PhantomReference<Object> reference = new PhantomReference<>(new Object(), found);
            Reference<?> seen = null;
            while (seen == null) {
                System.gc();
                seen = found.remove(10);
            }
            Reference.reachabilityFence(reference);
        }
    }
}
