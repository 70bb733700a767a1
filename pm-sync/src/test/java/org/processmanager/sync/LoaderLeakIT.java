package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** No thread of this library keeps a class loader alive: neither that of its user nor, when all is closed, its own. */
class LoaderLeakIT {
    private static final Duration WATCHDOG = Duration.ofSeconds(40);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** What an application does with the library. */
    public static final class Application implements Callable<String> {
        private final Path region;
        private final boolean launches;

        public Application(Path region, boolean launches) {
            this.region = region;
            this.launches = launches;
        }

        @Override
        public String call() throws Exception {
            try (SharedMemory memory = SharedMemory.create(region, SharedMemory.megabytes(1));
                    Hold hold = memory.mutex("m").acquire()) {
                memory.boundedBuffer("b", 4, 8).put(new byte[1]);
            }
            try (SharedMemory anonymous = SharedMemory.anonymous(SharedMemory.megabytes(1))) {
                anonymous.atomicLong("n").addAndGet(1);
            }
            return launches ? Command.of("echo", "hi").start().await().stdoutText() : "";
        }
    }

    static final class Container implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("user", arguments -> deploy(Path.of(arguments.get(0)), true, Container.class.getClassLoader()));
            commands.on("copy", arguments -> deploy(Path.of(arguments.get(0)), false, null));
        }

        private static String deploy(Path region, boolean launches, ClassLoader parent) throws Exception {
            WeakReference<ClassLoader> loader = use(region, launches, parent);
            boolean gone = Eventually.await(WATCHDOG, () -> {
                System.gc();
                return loader.get() == null;
            });
            return gone
                    ? "gone"
                    : "kept by one of " + Thread.getAllStackTraces().keySet();
        }

        private static WeakReference<ClassLoader> use(Path region, boolean launches, ClassLoader parent)
                throws Exception {
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            ClassLoader loader = parent == null ? copyOfAll() : new Own(parent);
            Thread.currentThread().setContextClassLoader(loader);
            try {
                Class<?> type = loader.loadClass(Application.class.getName());
                assertEquals(loader, type.getClassLoader());
                Object application =
                        type.getConstructor(Path.class, boolean.class).newInstance(region, launches);
                assertEquals(launches ? "hi\n" : "", ((Callable<?>) application).call());
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
            return new WeakReference<>(loader);
        }

        private static ClassLoader copyOfAll() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        }
    }

    /** Defines the application itself and leaves all else to its parent. */
    private static final class Own extends ClassLoader {
        private Own(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            if (!name.equals(Application.class.getName())) {
                return super.loadClass(name);
            }
            try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (java.io.IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    @Scenario("public-platform/7")
    void loaderOfFirstUser_canGo() {
        try (ChildJvm child = ChildJvm.of(Container.class).start()) {
            assertEquals("gone", child.call("user", tmp.path("region")));
        }
    }

    /** Without JNA, whose own thread keeps the loader of JNA. */
    @Test
    @Scenario("public-platform/7")
    void loaderOfTheLibrary_canGo() throws Exception {
        try (ChildJvm child = ChildJvm.of(Container.class)
                .property("org.processmanager.native", "off")
                .start()) {
            assertEquals("gone", child.call("copy", tmp.path("region")));
        }
        assertEquals(true, Files.deleteIfExists(tmp.path("region")));
    }
}
