package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

class SpawnTest extends PosixTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final List<String> NO_ENVIRONMENT = List.of();
    private static final java.time.Duration LONG = java.time.Duration.ofSeconds(60);

    @Test
    @Scenario("process/14")
    @Scenario("research-process/23")
    void spawn_resetsSignalsOfTheChildOnly() throws Exception {
        String before = signals(ownStatus());
        String child = spawnAndRead("/bin/cat", "/proc/self/status");
        assertEquals("0000000000000000", field(child, "SigBlk"));
        assertEquals("0000000000000000", field(child, "SigIgn"));
        assertEquals("0000000000000000", field(child, "SigCgt"));
        assertEquals(before, signals(ownStatus()));
    }

    @Test
    @Scenario("process/13")
    @Scenario("research-process/22")
    void spawn_passesNoOtherDescriptors() throws Exception {
        int[] inheritable = closing(Files.pipe(false));
        Files.setCloseOnExec(inheritable[0], false);
        Files.setCloseOnExec(inheritable[1], false);
        try (FileInputStream file = new FileInputStream("/etc/passwd");
                ServerSocket socket = new ServerSocket(0)) {
            assertTrue(file.getFD().valid() && socket.isBound());
            // The fourth is the directory that ls itself reads.
            assertEquals("0\n1\n2\n3\n", spawnAndRead("/bin/ls", "/proc/self/fd"));
        }
    }

    @Test
    void spawn_keepsTheOrderOfDescriptors() {
        int[] a = closing(Files.pipe(false));
        int[] b = closing(Files.pipe(false));
        // Five descriptors, some of them in each other's places.
        int[] wanted = {a[0], b[1], a[1], b[0], b[1], a[1]};
        String targets = spawnAndRead(
                new String[] {"/bin/sh", "-c", "for i in 0 2 3 4 5; do readlink /proc/self/fd/$i; done"}, wanted, 1);
        String first = "pipe:[" + Files.status(a[0]).inode() + "]\n";
        String second = "pipe:[" + Files.status(b[0]).inode() + "]\n";
        assertEquals(first + first + second + second + first, targets.replace("\0", ""));
    }

    @Test
    void spawnWithSession_createsANewSession() {
        String own = spawnAndRead("/bin/cat", "/proc/self/stat");
        String[] fields = own.substring(own.lastIndexOf(')') + 2).split(" ");
        String pid = own.substring(0, own.indexOf(' '));
        assertEquals(pid, fields[2], "process group");
        assertEquals(pid, fields[3], "session");
    }

    @Test
    void spawn_passesDirectoryAndEnvironmentInUtf8() throws Exception {
        Assumptions.assumeTrue(
                "UTF-8".equals(System.getProperty("sun.jnu.encoding")), "this JVM cannot make such a directory");
        Path directory = java.nio.file.Files.createDirectory(tmp.path("ordner-é"));
        int[] pipe = Files.pipe(false);
        try (CStrings argv = CStrings.of(List.of("sh", "-c", "pwd; echo $GREETING"));
                CStrings environment = CStrings.of(List.of("GREETING=日本語"))) {
            int pid = Spawn.spawn(new Spawn.Request(
                    "/bin/sh", argv, environment, path(directory), new int[] {pipe[0], pipe[1], pipe[1]}, true, -1));
            Files.close(pipe[1]);
            assertEquals(directory + "\n日本語\n", readAll(pipe[0]));
            reap(pid);
        } finally {
            Files.close(pipe[0]);
        }
    }

    @Test
    void failedSpawn_reportsErrnoAndLeavesNoProcess() {
        try (CStrings argv = CStrings.of(List.of("x"));
                CStrings none = CStrings.of(NO_ENVIRONMENT)) {
            int[] inherit = {0, 1, 2};
            PosixException missing = assertThrows(
                    PosixException.class,
                    () -> Spawn.spawn(new Spawn.Request("/no/such", argv, none, null, inherit, true, -1)));
            assertTrue(missing.is(Errno.ENOENT));
            assertTrue(missing.getMessage().contains("/no/such"), missing::getMessage);
            PosixException badDirectory = assertThrows(
                    PosixException.class,
                    () -> Spawn.spawn(new Spawn.Request("/bin/true", argv, none, "/no/such", inherit, true, -1)));
            assertTrue(badDirectory.is(Errno.ENOENT));
            PosixException directory = assertThrows(
                    PosixException.class,
                    () -> Spawn.spawn(new Spawn.Request("/tmp", argv, none, null, inherit, true, -1)));
            assertTrue(directory.is(Errno.EACCES));
        }
    }

    @Test
    void nulCharacter_isRejected() {
        assertThrows(IllegalArgumentException.class, () -> CStrings.of(List.of("a\0b")));
        assertThrows(IllegalArgumentException.class, () -> Files.open("/tmp\0", 0, 0));
        try (CStrings argv = CStrings.of(List.of("x"))) {
            Spawn.Request request = new Spawn.Request("/bin/true\0", argv, argv, null, new int[] {0, 1, 2}, false, -1);
            assertThrows(IllegalArgumentException.class, () -> Spawn.spawn(request));
        }
    }

    @Test
    void posixSpawn_isAvailable() {
        assertEquals(null, Spawn.unavailableReason());
    }

    private String spawnAndRead(String... argv) {
        int[] null3 = {closing(Files.open("/dev/null", Files.O_RDWR, 0)), -1, -1};
        null3[2] = null3[0];
        return spawnAndRead(argv, null3, 1);
    }

    /** Runs a program to its end; what it writes to the given one of its descriptors. */
    private String spawnAndRead(String[] line, int[] descriptors, int output) {
        int[] pipe = Files.pipe(false);
        int[] all = descriptors.clone();
        all[output] = pipe[1];
        try (CStrings argv = CStrings.of(List.of(line));
                CStrings none = CStrings.of(NO_ENVIRONMENT)) {
            int pid = Spawn.spawn(new Spawn.Request(line[0], argv, none, null, all, true, -1));
            Files.close(pipe[1]);
            String text = readAll(pipe[0]);
            reap(pid);
            return text;
        } finally {
            Files.close(pipe[0]);
        }
    }

    private static void reap(int pid) {
        List<Wait.Status> status = new ArrayList<>();
        Eventually.assertThat(LONG, "the child ends", () -> {
            Wait.Status now = Wait.reap(pid);
            if (now != null) {
                status.add(now);
            }
            return now != null;
        });
        assertEquals(0, status.get(0).value());
    }

    private static String readAll(int fd) {
        byte[] buffer = new byte[4096];
        StringBuilder text = new StringBuilder();
        int n;
        while ((n = Files.read(fd, buffer, buffer.length)) > 0) {
            text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private static String ownStatus() throws Exception {
        return java.nio.file.Files.readString(Path.of("/proc/self/status"));
    }

    private static String signals(String status) {
        return field(status, "SigIgn") + field(status, "SigCgt");
    }

    private static String field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1)
                .strip();
    }
}
