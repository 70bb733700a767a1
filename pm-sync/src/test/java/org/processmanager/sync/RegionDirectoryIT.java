package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.Command;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.file.UserId;

/** Where named regions lie, and who may enter there. */
class RegionDirectoryIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Creates a directory of regions and a region in it; prints their permissions. */
    static final class Creator {
        private Creator() {}

        public static void main(String[] directory) throws IOException {
            Path regions = Path.of(directory[0]);
            RegionDirectory.create(regions);
            Path region = regions.resolve("region");
            SharedMemory.create(region, SharedMemory.megabytes(1)).close();
            new PrintStream(new FileOutputStream(FileDescriptor.out), true)
                    .print(permissions(regions) + " " + permissions(region));
        }

        private static String permissions(Path file) throws IOException {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0177", "0277"})
    @Scenario("public-sync/11")
    void create_underAnyUmask_isForOwner(String umask) throws InterruptedException {
        String made = Command.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh")
                .args(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-Dorg.processmanager.native=" + System.getProperty("org.processmanager.native", "on"))
                .args("-cp", System.getProperty("java.class.path"), Creator.class.getName())
                .arg(tmp.path("regions").toString())
                .timeout(Duration.ofSeconds(60))
                .run()
                .stdoutText();
        assertEquals("rwx------ rw-------", made);
    }

    @Test
    @Scenario("public-sync/11")
    void directory_thatOwnerCannotEnter_isNamed() throws IOException {
        Path directory = tmp.path("regions");
        RegionDirectory.create(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rw-------"));
        RegionException e = assertThrows(RegionException.class, () -> RegionDirectory.create(directory));
        assertEquals(Reason.NOT_PERMITTED, e.reason());
        assertTrue(e.getMessage().contains(directory + " ") && e.getMessage().contains("chmod 700"), e.getMessage());
    }

    @Test
    @Scenario("public-sync/12")
    void path_withoutWritableSharedMemory_isTemporary() throws Exception {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "pm-" + UserId.current());
        assertEquals(temporary, RegionDirectory.path(tmp.path("missing")));
        Path mounted = Files.createDirectory(tmp.path("mounted"));
        Path writable = mounted.resolve("pm-" + UserId.current());
        assertEquals(writable, RegionDirectory.path(mounted));
        assumeTrue(run("mount", "--bind", mounted.toString(), mounted.toString()), "may not mount");
        try {
            assertTrue(run("mount", "-o", "remount,bind,ro", mounted.toString()));
            assertEquals(temporary, RegionDirectory.path(mounted));
            assertTrue(run("mount", "-o", "remount,bind,rw", mounted.toString()));
            Files.createDirectory(writable);
            assertTrue(run("mount", "-o", "remount,bind,ro", mounted.toString()));
            assertEquals(writable, RegionDirectory.path(mounted), "as other processes of this user");
        } finally {
            assertTrue(run("umount", "-l", mounted.toString()));
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    /** Creates a region without a name. */
    static final class Anonymous implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("create", arguments -> SharedMemory.anonymous(SharedMemory.megabytes(1))
                    .path()
                    .toString());
        }
    }

    @Test
    @Scenario("public-sync/13")
    void anonymousRegion_ofKilledJvm_isDeletedByNext() {
        assumeFalse(NativeLayer.available(), "it has no file");
        try (ChildJvm victim = ChildJvm.start(Anonymous.class);
                SharedMemory living = SharedMemory.anonymous(SharedMemory.megabytes(1))) {
            Path left = Path.of(victim.call("create"));
            victim.kill9();
            assertTrue(Files.exists(left));
            SharedMemory.anonymous(SharedMemory.megabytes(1)).close();
            assertFalse(Files.exists(left));
            assertTrue(Files.exists(living.path()));
        }
    }

    @Test
    @Scenario("public-sync/14")
    void handles_leftToCollector_giveDescriptorsBack() throws IOException {
        int before = descriptors();
        for (int i = 0; i < 30; i++) {
            SharedMemory.anonymous(SharedMemory.megabytes(1)).mutex("mutex");
            Path path = tmp.path("region" + i);
            SharedMemory.create(path, SharedMemory.megabytes(1)).boundedBuffer("buffer", 4, 4);
        }
        Eventually.assertThat(Duration.ofSeconds(20), "descriptors are closed", () -> {
            System.gc();
            return descriptors() < before + 10;
        });
        for (Path left : list(SharedMemory.directory())) {
            if (left.getFileName().toString().startsWith("anonymous-")) {
                SharedMemory.anonymous(SharedMemory.megabytes(1)).close(); // deletes them
                break;
            }
        }
    }

    private static int descriptors() {
        return list(Path.of("/proc/self/fd")).size();
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
