package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Scenario;
import org.processmanager.sync.internal.region.object.ObjectHandler;

/** The classes of all jars in one, from which the tool that merged them has dropped the service files. */
class MergedJarsTest {
    @Test
    @Scenario("public-ipc/12")
    void withoutServiceFiles_ownTransportsAreKnown() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader merged = new Merged()) {
            Thread.currentThread().setContextClassLoader(merged);
            Class<?> ipc = merged.loadClass(Ipc.class.getName());
            assertNotSame(Ipc.class, ipc);
            Object transports = ipc.getMethod("transports").invoke(null);
            assertEquals(
                    "[fifo, mapped, pipe, unix]",
                    ((SortedMap<?, ?>) transports).keySet().toString());

            Class.forName("org.processmanager.ipc.internal.mapped.MappedChannel", true, merged);
            Method handlerOf = merged.loadClass(ObjectHandler.class.getName()).getMethod("of", int.class);
            assertNotNull(handlerOf.invoke(null, 16), "what a dead process had of a channel is repaired");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static final class Merged extends URLClassLoader {
        Merged() throws MalformedURLException {
            super(urls(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] urls() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        public Enumeration<URL> findResources(String name) throws IOException {
            return name.startsWith("META-INF/services/") ? Collections.emptyEnumeration() : super.findResources(name);
        }
    }
}
