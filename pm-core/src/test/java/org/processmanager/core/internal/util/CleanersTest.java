package org.processmanager.core.internal.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.fixtures.Eventually;

@Timeout(180)
class CleanersTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void unreachableSubject_runsTheAction() {
        AtomicInteger runs = new AtomicInteger();
        Cleaners.register(new Object(), runs::incrementAndGet);
        Eventually.assertThat(LONG, "the action runs", () -> {
            System.gc();
            return runs.get() == 1;
        });
    }

    @Test
    void clean_runsTheActionOnce() {
        Object subject = new Object();
        AtomicInteger runs = new AtomicInteger();
        Cleaner.Cleanable cleanable = Cleaners.register(subject, runs::incrementAndGet);
        cleanable.clean();
        cleanable.clean();
        assertEquals(1, runs.get());
    }

    @Test
    void classLoader_isCollectedAfterTheLastAction() throws Exception {
        URL classes = Cleaners.class.getProtectionDomain().getCodeSource().getLocation();
        WeakReference<ClassLoader> loader = useIn(new URLClassLoader(new URL[] {classes}, null));
        Eventually.assertThat(LONG, "the class loader is collected", () -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private static WeakReference<ClassLoader> useIn(URLClassLoader loader) throws Exception {
        Class<?> copy = loader.loadClass(Cleaners.class.getName());
        assertNotSame(Cleaners.class, copy);
        Method register = copy.getMethod("register", Object.class, Runnable.class);
        Runnable nothing = () -> {};
        ((Cleaner.Cleanable) register.invoke(null, new Object(), nothing)).clean();
        return new WeakReference<>(loader);
    }
}
