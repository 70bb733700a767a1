package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;

/** A creation that fails leaves nothing and gives the reason. */
class FailedCreationIT {
    private static final long BYTES = SharedMemory.megabytes(1);
    private static final int MOST_FREE = 8;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Creates regions while descriptors or addresses are short. */
    static final class Creator implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("prepare", arguments -> {
                Path path = Path.of(arguments.get(0)).resolve("prepared");
                try (SharedMemory memory = SharedMemory.create(path, BYTES)) {
                    memory.delete();
                }
                assertThrows(RegionException.class, () -> SharedMemory.create(path.resolve("missing"), BYTES));
                return "";
            });
            commands.on("withFewDescriptors", arguments -> {
                List<Reason> reasons = new ArrayList<>();
                for (int free = 0; free <= MOST_FREE; free++) {
                    create(Path.of(arguments.get(0)), free, reasons);
                }
                return reasons.stream().distinct().toList().toString();
            });
            commands.on("create", arguments -> {
                try (SharedMemory memory =
                        SharedMemory.create(Path.of(arguments.get(0)), Long.parseLong(arguments.get(1)))) {
                    return "created";
                } catch (RegionException e) {
                    return e.reason().name();
                }
            });
        }

        /** Creates a region with so many free descriptors; the next attempt with enough of them must succeed. */
        private static void create(Path directory, int free, List<Reason> reasons) throws IOException {
            Path path = directory.resolve("region");
            List<FileInputStream> taken = takeAllDescriptors();
            try {
                for (int i = 0; i < free; i++) {
                    taken.remove(taken.size() - 1).close();
                }
                try (SharedMemory memory = SharedMemory.create(path, BYTES)) {
                    memory.delete();
                } catch (RegionException e) {
                    reasons.add(e.reason());
                }
            } finally {
                for (FileInputStream file : taken) {
                    file.close();
                }
            }
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(List.of(), files.toList(), free + " free descriptors");
            }
            try (SharedMemory memory = SharedMemory.create(path, BYTES)) {
                memory.delete();
            }
        }

        private static List<FileInputStream> takeAllDescriptors() throws IOException {
            List<FileInputStream> taken = new ArrayList<>();
            try {
                while (true) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException e) {
                return taken;
            }
        }
    }

    @Test
    @Scenario("public-sync/8")
    void create_withoutDescriptors_leavesNothing() throws Exception {
        try (ChildJvm child = ChildJvm.start(Creator.class)) {
            child.call("prepare", tmp.directory());
            limit(child, "--nofile=" + 200);
            assertEquals("[" + Reason.RESOURCES_EXHAUSTED + "]", child.call("withFewDescriptors", tmp.directory()));
        }
    }

    @Test
    @Scenario("public-sync/9")
    void create_withoutAddresses_leavesNothing() throws Exception {
        Path path = tmp.sharedFile("large");
        try (ChildJvm child = ChildJvm.start(Creator.class)) {
            child.call("prepare", tmp.directory());
            long used = addressSpace(child.pid());
            limit(child, "--as=" + (used + (64L << 20)));
            assertEquals(Reason.RESOURCES_EXHAUSTED.name(), child.call("create", path, 256L << 20));
            assertFalse(Files.exists(path));
            assertEquals("created", child.call("create", path, BYTES));
        }
    }

    /** A file system that is mounted read-only, on which a region was made before. */
    @Test
    @Scenario("public-sync/10")
    void readOnlyFileSystem_isNotPermitted() throws Exception {
        Path made = tmp.path("region");
        try (SharedMemory memory = SharedMemory.create(made, BYTES)) {
            memory.atomicLong("number").set(7);
        }
        Path mounted = Files.createDirectory(tmp.path("mounted"));
        assumeTrue(run("mount", "--bind", tmp.directory().toString(), mounted.toString()), "may not mount");
        try {
            assertTrue(run("mount", "-o", "remount,bind,ro", mounted.toString()));
            Path path = mounted.resolve(made.getFileName());
            for (Path refused : List.of(path, mounted.resolve("new"))) {
                RegionException e =
                        assertThrows(RegionException.class, () -> SharedMemory.openOrCreate(refused, BYTES));
                assertEquals(Reason.NOT_PERMITTED, e.reason(), e.getMessage());
            }
            assertEquals("7", SharedMemory.snapshot(path).objects().get(0).state(), "looking writes nothing");
        } finally {
            assertTrue(run("umount", "-l", mounted.toString()));
        }
    }

    private static void limit(ChildJvm child, String limit) throws Exception {
        assertTrue(run("prlimit", "--pid=" + child.pid(), limit));
    }

    private static long addressSpace(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(found -> found.startsWith("VmSize:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 && said.isEmpty();
    }
}
