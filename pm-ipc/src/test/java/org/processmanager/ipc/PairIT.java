package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.Command;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Input;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Project;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;
import org.processmanager.fixtures.Soak;

/** Channels without a name whose ends are passed to children. */
@Timeout(180)
class PairIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .allowing("descriptor of /tmp/ffi.*")
            .allowing("descriptor of anon_inode:.*"); // of the process managers

    @BeforeAll
    static void needsTheNativeLayer() {
        assumeTrue(NativeLayer.available(), "pipes need the native layer");
    }

    /** A child that receives jobs and sends results until its input ends. */
    static final class Worker {
        public static void main(String[] args) throws Exception {
            Endpoint results = Ipc.inherited("results");
            if (args[0].equals("crash")) {
                try (MessageSender sender = Ipc.sender(results)) {
                    sender.send(bytes("before"));
                    sender.send(new byte[100_000]);
                }
            }
            Endpoint jobs = Ipc.inherited("jobs");
            try (MessageReceiver receiver = Ipc.receiver(jobs);
                    MessageSender sender = Ipc.sender(results)) {
                receiver.forEach(message -> {
                    try {
                        sender.send(message);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            System.in.read();
            try (MessageReceiver again = Ipc.receiver(jobs);
                    MessageSender sender = Ipc.sender(results)) {
                sender.send(bytes("again"));
                System.in.read();
                again.snapshot();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return message == null ? "CLOSED" : new String(message, UTF_8);
    }

    private static Command command(ProcessManager manager, String[] line) {
        return manager.command(line[0], Arrays.copyOfRange(line, 1, line.length));
    }

    private static Command worker(ProcessManager manager, String kind) {
        List<String> options =
                kind.equals("crash") ? List.of("-Dorg.processmanager.crash=fifo.frame.written:3") : List.of();
        return command(manager, SmallJvm.commandLine(options, Worker.class, kind))
                .stdin(Input.pipe())
                .stdout(Output.discard())
                .acceptAnyExit();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe:?capacity=8k", "mapped:?capacity=4m&senders=2"})
    @Scenario("pipe/1")
    @Scenario("pipe/5")
    void childJvm_echoesUntilItIsKilled(String endpoint) throws Exception {
        try (ProcessManager manager = ProcessManager.create();
                ChannelPair jobs = Ipc.pair(endpoint);
                ChannelPair results = Ipc.pair(endpoint);
                MessageReceiver receiver = results.receiver();
                MessageSender sender = jobs.sender()) {
            sender.send(bytes("sent before the start"));
            assertThrows(LaunchException.class, () -> manager.command("/no/such/program")
                    .pass("results", results.senderForChild())
                    .start());
            if (endpoint.startsWith("pipe")) {
                assertNull(receiver.receive(LONG), "as if the child had ended at once");
            }
            ManagedProcess child = worker(manager, "echo")
                    .pass("jobs", jobs.receiverForChild())
                    .pass("results", results.senderForChild())
                    .start();
            assertEquals("sent before the start", textOf(receiver.receive(LONG)));
            byte[] large = new byte[1 << 20];
            large[1 << 19] = 42;
            Background<Void> sending = Background.run(() -> {
                sender.send(large);
                sender.send(bytes("small"));
            });
            assertArrayEquals(large, receiver.receive(LONG));
            assertEquals("small", textOf(receiver.receive(LONG)));
            sending.get();

            sender.close();
            assertEquals("CLOSED", textOf(receiver.receive()), "the child has closed its sender");
            assertTrue(child.isAlive());
            child.stdin().write('\n');
            child.stdin().flush();
            try (MessageSender next = jobs.sender()) {
                Eventually.assertThat(
                        LONG, "the next receiver of the child", () -> receiver.poll((b, o, l) -> {}, 1) == 1);
                while (next.offer(new byte[1000]) != SendStatus.FULL) {
                    // until the channel is full
                }
                Background<Void> blocked = Background.runAndBlock(() -> next.send(new byte[1000]));
                child.kill();
                long killed = System.nanoTime();
                assertThrows(NotConnectedException.class, blocked::get);
                Duration passed = Duration.ofNanos(System.nanoTime() - killed);
                assertTrue(passed.compareTo(Soak.bound(Duration.ofSeconds(1))) < 0, "took " + passed);
            }
        }
    }

    @Test
    @Scenario("pipe/5")
    @Scenario("ipc/9")
    void senderKilledMidway_leavesNoPartialMessage() throws Exception {
        try (ProcessManager manager = ProcessManager.create();
                ChannelPair results = Ipc.pair("pipe:");
                MessageReceiver receiver = results.receiver()) {
            try (MessageSender other = results.sender()) {
                ManagedProcess child = worker(manager, "crash")
                        .pass("results", results.senderForChild())
                        .start();
                assertEquals("before", textOf(receiver.receive(LONG)));
                child.await(LONG).orElseThrow();
                other.send(bytes("of a living one"));
                assertEquals("of a living one", textOf(receiver.receive(LONG)));
                assertEquals(0, receiver.poll((b, o, l) -> {}, 9));
            }
            assertNull(receiver.receive(LONG));
            assertTrue(receiver.isChannelClosed());
        }
    }

    // ---- another language

    private static Command python(ProcessManager manager, String program, String... arguments) throws Exception {
        ProcessResult found = manager.command("sh", "-c", "command -v python3")
                .acceptAnyExit()
                .run();
        assumeTrue(found.status().equals(new ExitStatus.Exited(0)), "needs python3");
        Path file = Project.root().resolve("pm-ipc/src/test/resources/python").resolve(program);
        List<String> line = new ArrayList<>(List.of("python3", file.toString()));
        line.addAll(List.of(arguments));
        return command(manager, line.toArray(String[]::new));
    }

    @Test
    @Scenario("pipe/3")
    void pythonChildren_shareTheSendingEnd() throws Exception {
        try (ProcessManager manager = ProcessManager.create();
                ChannelPair results = Ipc.pair("pipe:");
                MessageReceiver receiver = results.receiver()) {
            for (String name : List.of("a", "b")) {
                python(manager, "send_messages.py", name, "", "grüße von " + name)
                        .pass("results", results.senderForChild())
                        .start();
            }
            Set<String> texts = new HashSet<>();
            int empty = 0;
            int large = 0;
            byte[] message;
            while ((message = receiver.receive()) != null) {
                if (message.length == 100_000) {
                    assertEquals(99_999 % 251, message[99_999] & 0xff);
                    large++;
                } else if (message.length == 0) {
                    empty++;
                } else {
                    texts.add(textOf(message));
                }
            }
            assertEquals(Set.of("a", "b", "grüße von a", "grüße von b"), texts);
            assertEquals(2, empty);
            assertEquals(2, large);
        }
    }

    @Test
    @Scenario("pipe/3")
    void pythonChild_receives() throws Exception {
        try (ProcessManager manager = ProcessManager.create();
                ChannelPair jobs = Ipc.pair("pipe:");
                MessageSender sender = jobs.sender()) {
            ManagedProcess child = python(manager, "receive_messages.py")
                    .pass("jobs", jobs.receiverForChild())
                    .start();
            StringBuilder expected = new StringBuilder();
            for (int length : new int[] {0, 1, 4064, 4065, 1_000_000}) {
                byte[] message = new byte[length];
                new java.util.Random(length).nextBytes(message);
                sender.send(message);
                CRC32 crc = new CRC32();
                crc.update(message);
                expected.append(length).append(' ').append(crc.getValue()).append('\n');
            }
            sender.close();
            assertEquals(expected.toString(), child.await(LONG).orElseThrow().stdoutText());
        }
    }
}
