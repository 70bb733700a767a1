package org.processmanager.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

class ProcessDetailsTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check().after(ProcessDetailsTest::warmUp);

    @TempDir
    Path tmp;

    /** The JDK keeps a socket from the first one on. */
    private static void warmUp() {
        PosixLauncher.isAvailable();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertTrue(client.isConnected());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProcessDetails self() {
        return ProcessDetails.of(
                ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow());
    }

    @Test
    @Scenario("monitor/5")
    void child_showsHowItWasStarted() throws Exception {
        try (ProcessManager pm = ProcessManager.create()) {
            Path directory = tmp.toRealPath();
            ManagedProcess child = pm.command("/bin/sh", "-c", "read x < /dev/zero; :", "a  b", "")
                    .directory(directory)
                    .env("COLOUR", "a=b")
                    .start();
            ProcessIdentity identity = ProcessIdentity.of(child.pid()).orElseThrow();
            // The start returns a moment before the kernel shows the arguments.
            Eventually.assertThat(Duration.ofSeconds(10), "arguments", () -> ProcessDetails.of(identity)
                    .arguments()
                    .filter(arguments -> arguments.size() > 1)
                    .isPresent());
            ProcessDetails details = ProcessDetails.of(identity);
            assertEquals(Optional.of(directory), details.workingDirectory());
            assertEquals(
                    Optional.of(List.of("/bin/sh", "-c", "read x < /dev/zero; :", "a  b", "")), details.arguments());
            assertEquals("a=b", details.environment().orElseThrow().get("COLOUR"));
            assertEquals(Optional.of(Path.of("/bin/sh").toRealPath()), details.executable());
            assertEquals(
                    List.of(child.pid()),
                    details.threads().orElseThrow().stream().map(t -> t.id()).toList());
            assertEquals("sh", details.threads().orElseThrow().get(0).name());
            assertTrue(details.memory().orElseThrow().residentBytes() > 0);
            assertTrue(details.memory().orElseThrow().proportionalBytes()
                    <= details.memory().orElseThrow().residentBytes());
            assertEquals(
                    Set.of(0, 1, 2),
                    details.descriptors().orElseThrow().stream()
                            .map(ProcessDetails.Descriptor::number)
                            .filter(number -> number < 3)
                            .collect(Collectors.toSet()));
            assertEquals(Optional.of(List.of()), details.listeningPorts());

            child.kill();
            child.await();
            assertEquals(Optional.empty(), details.arguments());
            assertEquals(Optional.empty(), details.descriptors());
            assertEquals(Optional.empty(), details.io());
        }
    }

    @Test
    void threads_haveNamesAndTime() throws Exception {
        CountDownLatch used = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < 50_000_000) {
                        Thread.onSpinWait();
                    }
                    used.countDown();
                    awaitEnd(end);
                },
                "details-spinner");
        thread.start();
        used.await();
        List<ProcessDetails.ThreadDetails> found = self().threads().orElseThrow().stream()
                .filter(details -> details.name().equals("details-spinner"))
                .toList();
        end.countDown();
        thread.join();
        assertEquals(1, found.size());
        assertTrue(found.get(0).cpuTime().toMillis() > 0, found::toString);
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Scenario("monitor/6")
    void socket_isFoundByItsPort() throws Exception {
        long pid = ProcessHandle.current().pid();
        int port;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort())) {
            port = server.getLocalPort();
            assertEquals(
                    List.of(pid),
                    ProcessTable.listeningOn(port).stream()
                            .map(ProcessSnapshot::pid)
                            .toList());
            assertTrue(self().listeningPorts().orElseThrow().contains(port));
            List<OpenSocket> sockets = self().sockets().orElseThrow();
            assertTrue(
                    sockets.stream()
                            .anyMatch(socket -> socket.listening()
                                    && socket.localPort() == port
                                    && socket.localAddress().endsWith("127.0.0.1")),
                    sockets::toString);
            assertTrue(
                    sockets.stream()
                            .anyMatch(socket -> !socket.listening()
                                    && socket.localPort() == client.getLocalPort()
                                    && socket.remotePort() == port),
                    sockets::toString);
            assertEquals(List.of(), ProcessTable.listeningOn(client.getLocalPort()));
        }
        assertEquals(List.of(), ProcessTable.listeningOn(port));
        assertThrows(IllegalArgumentException.class, () -> ProcessTable.listeningOn(0));
        assertThrows(IllegalArgumentException.class, () -> ProcessTable.listeningOn(65_536));
    }

    @Test
    void filesAndLimits_areThoseOfTheKernel() throws IOException {
        Path file = tmp.toRealPath().resolve("open");
        try (var out = Files.newOutputStream(file)) {
            out.write(1);
            assertTrue(self().descriptors().orElseThrow().stream()
                    .anyMatch(descriptor -> descriptor.target().equals(file.toString())
                            && descriptor.socket().isEmpty()));
        }
        assertTrue(self().io().orElseThrow().readCharacters() > 0);
        ProcessDetails.Limit limit = self().limits().orElseThrow().stream()
                .filter(each -> each.name().equals("open files"))
                .findFirst()
                .orElseThrow();
        assertTrue(limit.soft().orElseThrow() > 0 && limit.unit().equals("files"), limit::toString);
        assertTrue(self().limits().orElseThrow().stream()
                .anyMatch(each -> each.soft().equals(OptionalLong.empty())));
    }

    @Test
    void laterProcessWithThePid_isNotRead() {
        ProcessIdentity self = self().identity();
        ProcessDetails earlier =
                ProcessDetails.of(new ProcessIdentity(self.pid(), self.startTicks() - 1, self.bootId()));
        assertEquals(Optional.empty(), earlier.environment());
        assertEquals(Optional.empty(), earlier.threads());
    }

    @Test
    @Scenario("monitor/7")
    void deniedPart_isEmpty() {
        DetailFiles files = new DetailFiles(tmp, () -> true);
        assertEquals(Optional.of(1), files.read(directory -> 1));
        assertEquals(Optional.empty(), files.read(directory -> {
            throw new AccessDeniedException("environ");
        }));
        assertEquals(Optional.empty(), files.read(directory -> DetailFiles.bytes(directory.resolve("missing"))));
    }

    @Test
    void sockets_ofAllProtocolsAreParsed() throws IOException {
        String titles = "titles\n";
        String rest = " 00000000:00000000 00:00000000 00000000 0 0 ";
        Files.writeString(
                tmp.resolve("tcp"),
                titles + "  0: 0100007F:1F90 00000000:0000 0A" + rest + "11 1 x\n"
                        + "  1: 0100007F:1F90 0200007F:C350 01" + rest + "12 1 x\n");
        Files.writeString(
                tmp.resolve("tcp6"),
                titles + "  0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A" + rest
                        + "13 1 x\n"
                        + "  1: B80D0120000000000000000001000000:0050 00000000000000000000000001000000:0051 01" + rest
                        + "14 1 x\n");
        Files.writeString(tmp.resolve("udp"), titles + " 5: 00000000:0035 00000000:0000 07" + rest + "15 2 x 0\n");
        Files.writeString(
                tmp.resolve("unix"),
                titles + "0: 00000002 00000000 00010000 0001 01 16 /run/a b\n"
                        + "0: 00000003 00000000 00000000 0001 03 17\n");
        assertEquals(
                Map.of(
                        11L, new OpenSocket("tcp", true, "127.0.0.1", 8080, "", 0),
                        12L, new OpenSocket("tcp", false, "127.0.0.1", 8080, "127.0.0.2", 50_000),
                        13L, new OpenSocket("tcp6", true, "*", 80, "", 0),
                        14L, new OpenSocket("tcp6", false, "2001:db8::1", 80, "::1", 81),
                        15L, new OpenSocket("udp", true, "*", 53, "", 0),
                        16L, new OpenSocket("unix", true, "/run/a b", 0, "", 0),
                        17L, new OpenSocket("unix", false, "", 0, "", 0)),
                SocketTable.read(tmp));
        assertFalse(SocketTable.read(tmp.resolve("none")).containsKey(11L));
    }
}
