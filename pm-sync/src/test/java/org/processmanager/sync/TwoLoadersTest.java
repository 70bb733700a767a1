package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** A second copy of the library, with its own JNA, threads and statics, in the same JVM and on the same region. */
class TwoLoadersTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path path;
    private SharedMemory here;
    private URLClassLoader loader;

    @BeforeEach
    void open() throws IOException {
        path = tmp.path("region");
        here = SharedMemory.create(path, Party.BYTES);
        loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
    }

    @AfterEach
    void close() throws IOException {
        here.close();
        loader.close();
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(new URL[0]);
    }

    /** The other copy's use of the region; only types of the JDK pass between the two. */
    public static final class OtherCopy {
        private final SharedMemory memory;
        private final SharedMutex mutex;
        private Hold hold;

        public OtherCopy(Path path) {
            memory = SharedMemory.open(path);
            mutex = memory.mutex("mutex");
        }

        public Callable<Boolean> tryAcquire(Duration wait) {
            return () -> (hold = mutex.tryAcquire(wait)) != null;
        }

        public Callable<Boolean> previousOwnerDied() {
            return () -> hold.previousOwnerDied();
        }

        public Callable<Boolean> release() {
            return () -> {
                hold.markConsistent();
                hold.close();
                return true;
            };
        }

        public Callable<Boolean> close() {
            return () -> {
                memory.close();
                return true;
            };
        }
    }

    private final class Other {
        private final Object copy;

        Other() throws ReflectiveOperationException {
            Class<?> type = loader.loadClass(OtherCopy.class.getName());
            assertNotEquals(OtherCopy.class, type);
            copy = type.getConstructor(Path.class).newInstance(path);
        }

        boolean tryAcquire(Duration wait) throws Exception {
            return ((Callable<?>) copy.getClass()
                            .getMethod("tryAcquire", Duration.class)
                            .invoke(copy, wait))
                    .call()
                    .equals(true);
        }

        boolean call(String method) throws Exception {
            return ((Callable<?>) copy.getClass().getMethod(method).invoke(copy))
                    .call()
                    .equals(true);
        }
    }

    @Test
    @Scenario("sync/14")
    @Scenario("research-sync/34")
    void twoCopies_excludeAndWakeEachOther() throws Exception {
        assumeTrue(NativeLayer.available());
        Other other = new Other();
        assertEquals(2, SharedMemory.snapshot(path).participants().size());
        SharedMutex mutex = here.mutex("mutex");
        for (int i = 0; i < 3; i++) {
            Hold hold = mutex.acquire();
            assertFalse(other.tryAcquire(Duration.ofMillis(150)), "longer than a slice: the owner is found alive");
            Running<Boolean> waiter = Threads.start(() -> {
                boolean had = other.tryAcquire(LONG);
                assertFalse(other.call("previousOwnerDied"));
                return had && other.call("release");
            });
            hold.close();
            assertTrue(waiter.result());
        }
        assertTrue(other.tryAcquire(LONG));
        assertNull(mutex.tryAcquire(Duration.ofMillis(150)));
        // Its locks, and no other's, go with the other copy's handle.
        other.call("close");
        try (Hold hold = mutex.tryAcquire(LONG)) {
            assertNotNull(hold);
            assertTrue(hold.previousOwnerDied());
            hold.markConsistent();
            Other next = new Other();
            assertFalse(next.tryAcquire(Duration.ofMillis(150)), "this handle is alive still");
            next.call("close");
            Other last = new Other();
            assertFalse(last.tryAcquire(Duration.ofMillis(150)), "and after one was closed");
            last.call("close");
        }
    }

    @Test
    @Scenario("sync/14")
    void twoCopies_onPortablePath_areRefused() {
        assumeFalse(NativeLayer.available());
        Throwable e =
                assertThrows(ReflectiveOperationException.class, Other::new).getCause();
        assertTrue(e.getMessage().contains("another class loader"), e.getMessage());
        here.mutex("mutex").tryAcquire().close();
        here.close();
        try {
            new Other().call("close");
        } catch (Exception unexpected) {
            throw new AssertionError("the first copy no longer has a channel", unexpected);
        }
        here = SharedMemory.open(path);
    }
}
