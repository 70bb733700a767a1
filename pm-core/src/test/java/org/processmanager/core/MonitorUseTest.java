package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Scenario;

/**
 * A virtual thread that waits while it holds a monitor takes its carrier with it (up to 23). The library takes none, except in
 * the classes named here: for a few instructions, or for one bounded call, where a StackOverflowError of the caller must not
 * leave a lock held for ever, as it can leave a ReentrantLock.
 */
class MonitorUseTest {
    /** What the rule is about, to see that it is found. */
    private static final class Bad {
        private int number;

        private synchronized void method() {
            number++;
        }

        private void block(int n) {
            switch (n) {
                case 1, 2, 3 -> number = 5;
                case 1000, 100_000 -> number += 70_000;
                default -> {
                    synchronized (this) {
                        number++;
                    }
                }
            }
        }

        private String fine(long n) {
            double d = n * 3.0;
            Object[][] array = new Object[2][3];
            return "a" + d + array.length + (n > 2 ? n : -1L);
        }
    }

    private static final Set<String> TAKE_MONITORS = Set.of(
            "core/ShutdownHook",
            "core/internal/launch/io/JvmOutput",
            "core/internal/launch/jdk/ProcessOutput", // that of the JDK's stream
            "core/internal/launch/posix/FileLimit",
            "core/internal/launch/posix/Guardian",
            "core/internal/posix/NativeLayer", // while JNA is loaded, once
            "core/internal/reactor/EventLoops",
            "core/internal/stream/SerialTasks",
            "core/internal/tree/ProcScan", // while another thread reads /proc
            "core/internal/util/Cleaners");

    @Test
    @Scenario("research-process/51")
    void monitors_areTakenInFewClasses() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        assertTrue(look(ProcessManager.class, found) > 100, "too few classes");
        Set<String> classes = found.stream()
                .map(use -> use.substring("org/processmanager/".length(), use.indexOf(".class")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(TAKE_MONITORS), classes);
    }

    @Test
    void monitors_areFound() throws IOException {
        new Bad().method();
        new Bad().block(0);
        assertEquals("a3.02-1", new Bad().fine(1));
        try (InputStream in = MonitorUseTest.class.getResourceAsStream("MonitorUseTest$Bad.class")) {
            assertEquals(List.of("method is synchronized", "block takes a monitor"), MonitorUse.in(in.readAllBytes()));
        }
    }

    /** Looks at all classes of a library, be it a directory or a jar; how many there are. */
    private static int look(Class<?> one, TreeSet<String> found) throws IOException {
        Path library;
        try {
            library = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        if (Files.isDirectory(library)) {
            return lookBelow(library, found);
        }
        try (FileSystem jar = FileSystems.newFileSystem(library)) {
            return lookBelow(jar.getPath("/"), found);
        }
    }

    private static int lookBelow(Path directory, TreeSet<String> found) throws IOException {
        List<Path> classes;
        try (Stream<Path> files = Files.walk(directory)) {
            classes = files.filter(file -> file.toString().endsWith(".class")).collect(Collectors.toList());
        }
        for (Path file : classes) {
            for (String use : MonitorUse.in(Files.readAllBytes(file))) {
                found.add(directory.relativize(file) + ": " + use);
            }
        }
        return classes.size();
    }
}
