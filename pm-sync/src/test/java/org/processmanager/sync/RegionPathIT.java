package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.NullArguments;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** The path of a region means the file of its bytes. */
class RegionPathIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Uses regions by names that its locale cannot represent. */
    static final class User implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("use", arguments -> use(Path.of(arguments.get(0))).toString());
        }

        private static List<String> use(Path directory) throws IOException {
            List<String> wrong = new ArrayList<>();
            for (String name : List.of("caf%E9", "%C3%BCmlaut", "%FF")) {
                Path path = Path.of(URI.create(directory.toUri() + name));
                try (SharedMemory memory = SharedMemory.create(path, SharedMemory.megabytes(1));
                        SharedMemory again = SharedMemory.openOrCreate(path, SharedMemory.megabytes(1))) {
                    memory.atomicLong("number").set(7);
                    check(wrong, name, List.of(path), files(directory));
                    check(wrong, name, 7L, again.atomicLong("number").get());
                    check(wrong, name, path, memory.path());
                    check(wrong, name, 1, SharedMemory.snapshot(path).objects().size());
                    memory.delete();
                } catch (RuntimeException e) {
                    wrong.add(name + ": " + e);
                }
                check(wrong, name, List.of(), files(directory));
            }
            return wrong;
        }

        private static void check(List<String> wrong, String name, Object expected, Object found) {
            if (!expected.equals(found)) {
                wrong.add(name + ": " + found + " (expected: " + expected + ")");
            }
        }

        private static List<Path> files(Path directory) throws IOException {
            try (Stream<Path> files = Files.list(directory)) {
                return files.toList();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    @Scenario("public-launch/1")
    void region_isTheFileOfItsBytesInAnyLocale(String layer) throws Exception {
        assumeTrue(layer.equals("off") || NativeLayer.available());
        for (String locale : List.of("C", "C.UTF-8")) {
            try (ChildJvm jvm = ChildJvm.of(User.class)
                    .environment("LC_ALL", locale)
                    .property("org.processmanager.native", layer)
                    .start()) {
                assertEquals("[]", jvm.call("use", tmp.directory()));
            }
        }
    }

    @Test
    void pathInAnArchive_isRefusedByEachMethod() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(tmp.path("a.zip"), Map.of("create", "true"));
                SharedMemory memory = SharedMemory.create(tmp.path("region"), SharedMemory.megabytes(1))) {
            new NullArguments()
                    .foreign(zip.getPath("/region"))
                    .check(SharedMemory.class, memory)
                    .assertRefused();
        }
    }
}
