package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.processmanager.core.NotReadyException.Reason;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;

/** Waiting until a program is ready, by each condition, and everything that may come instead. */
abstract class ReadyContract extends LauncherContract {
    private static final Duration SHORT = Duration.ofMillis(100);

    /** Listens on a free port, writes its number to a file, and waits for the end of its input. */
    private static final String LISTENER = """
            import socket, sys
            s = socket.socket(); s.bind(('127.0.0.1', int(sys.argv[1]))); s.listen()
            sys.stdin.read()
            """;

    @Test
    @Scenario("supervise/1")
    void line_isReadyAndOutputFlowsOn() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        ManagedProcess server = sh("echo starting; echo up on 80; yes filler | head -n 2000; read stop; echo last")
                .stdin(Input.pipe())
                .stdout(Output.lines(lines::add))
                .ready(Ready.line("^up on \\d+$"), LONG)
                .startReady();
        assertTrue(server.isAlive());
        server.stdin().close();
        server.await();
        assertEquals(2003, lines.size());
        assertEquals("last", lines.get(2002));
    }

    @Test
    void start_doesNotWait() throws Exception {
        ManagedProcess server = sh("read go; echo up; read stop")
                .stdin(Input.pipe())
                .ready(Ready.line("up"), SHORT)
                .start();
        NotReadyException late = assertThrows(NotReadyException.class, server::awaitReady);
        assertEquals(Reason.TIMED_OUT, late.reason());
        assertTrue(late.result().isEmpty() && server.isAlive(), late::getMessage);
        server.stdin().write('\n');
        server.awaitLine(Pattern.compile("up"), LONG).orElseThrow();
        server.awaitReady();
        server.stdin().close();
        server.await();
    }

    @Test
    @Scenario("supervise/2")
    void exit_isReportedWithTheLastLines() throws Exception {
        Command broken = sh("echo reading config >&2; echo 'no such key: port' >&2; exit 78");
        for (Ready ready : List.of(Ready.line("up"), Ready.file(tmp.path("never")), probe(process -> false))) {
            NotReadyException e = assertThrows(
                    NotReadyException.class, () -> broken.ready(ready, LONG).startReady());
            assertEquals(Reason.EXITED, e.reason(), e::getMessage);
            assertEquals(new ExitStatus.Exited(78), e.result().orElseThrow().status());
            assertTrue(e.getMessage().contains("no such key: port"), e::getMessage);
            assertTrue(e.getMessage().contains(ready.toString()), e::getMessage);
        }
    }

    @Test
    @Scenario("supervise/3")
    void timeout_stopsTheTree() throws Exception {
        // Without a session of its own, what a shell starts just as its tree is looked at is not found.
        String sleep = isPosix() ? sleepers.sleep(60) + " & wait" : "exec " + sleepers.sleep(60);
        Command slow = sh("echo loading; " + sleep).stopPolicy(StopPolicy.immediateKill());
        for (Ready ready : List.of(Ready.line("up"), Ready.file(tmp.path("never")), probe(process -> false))) {
            NotReadyException e = assertThrows(
                    NotReadyException.class, () -> slow.ready(ready, SHORT).startReady());
            assertEquals(Reason.TIMED_OUT, e.reason(), e::getMessage);
            assertTrue(e.waited().compareTo(SHORT) >= 0, e::getMessage);
            assertSignaled(Signal.KILL, e.result().orElseThrow());
            assertTrue(e.getMessage().contains("it was stopped"), e::getMessage);
        }
        assertEquals(List.of(), pm.processes());
        Eventually.assertThat(LONG, "no sleeper", () -> sleepers.alive().isEmpty());
    }

    @Test
    void endOfOutput_isSeenBeforeTheTimeout() throws Exception {
        long start = System.nanoTime();
        NotReadyException e =
                assertThrows(NotReadyException.class, () -> sh("exec >&- 2>&-; exec " + sleepers.sleep(60))
                        .stopPolicy(StopPolicy.immediateKill())
                        .ready(Ready.line("up"), Duration.ofMinutes(5))
                        .startReady());
        assertEquals(Reason.IMPOSSIBLE, e.reason(), e::getMessage);
        assertWithin(LONG, start);
    }

    @Test
    void file_isReadyWhenItAppears() throws Exception {
        Path file = tmp.path("up");
        ManagedProcess process = sh("sleep 0.1; : > \"$UP\"; read stop")
                .env("UP", file.toString())
                .stdin(Input.pipe())
                .ready(Ready.file(file), LONG)
                .startReady();
        assertTrue(Files.exists(file));
        process.stdin().close();
        process.await();
    }

    @Test
    void probe_isRepeatedUntilItSucceeds() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ManagedProcess process = sh("read stop")
                .stdin(Input.pipe())
                .ready(
                        probe(checked -> {
                            if (calls.incrementAndGet() == 1) {
                                throw new IOException("connection refused");
                            }
                            return checked.isAlive() && calls.get() == 3;
                        }),
                        LONG)
                .startReady();
        assertEquals(3, calls.get());
        process.stdin().close();
        process.await();
    }

    @Test
    void probe_thatBlocksOrThrows_isNamed() throws Exception {
        Command command = sh("read stop").stdin(Input.pipe());
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        NotReadyException blocked = assertThrows(NotReadyException.class, () -> command.ready(
                        probe(process -> {
                            try {
                                new CompletableFuture<>().get();
                            } catch (InterruptedException e) {
                                interrupted.complete(true);
                            }
                            return true;
                        }),
                        SHORT)
                .startReady());
        assertTrue(blocked.getMessage().contains("has not returned"), blocked::getMessage);
        assertTrue(interrupted.get(LONG.toSeconds(), TimeUnit.SECONDS));

        NotReadyException failed = assertThrows(NotReadyException.class, () -> command.ready(
                        probe(process -> {
                            ((ManagedProcess) process).stdin().close();
                            throw new IOException("503 from /health");
                        }),
                        LONG)
                .startReady());
        assertTrue(failed.getMessage().contains("503 from /health"), failed::getMessage);
        assertInstanceOf(IOException.class, failed.getCause());
    }

    @Test
    @Scenario("supervise/4")
    void port_mustBeOfTheProcess() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "no Python");
        int port;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            NotReadyException e = assertThrows(NotReadyException.class, () -> sh("read stop")
                    .stdin(Input.pipe())
                    .ready(Ready.port(port), SHORT)
                    .startReady());
            assertTrue(e.getMessage().contains("another process listens on port " + port), e::getMessage);
        }
        // a descendant listens, not the shell itself
        ManagedProcess server = sh("/usr/bin/python3 -c \"$LISTENER\" " + port + "; true")
                .env("LISTENER", LISTENER)
                .stdin(Input.pipe())
                .ready(Ready.port(port), LONG)
                .startReady();
        assertTrue(server.isAlive());
        server.stdin().close();
        assertTrue(server.await().status().isExit(0));
        NotReadyException closed = assertThrows(NotReadyException.class, () -> sh("read stop")
                .stdin(Input.pipe())
                .ready(Ready.port(port), SHORT)
                .startReady());
        assertTrue(closed.getMessage().contains("no process listens on port " + port), closed::getMessage);
    }

    @Test
    @Scenario("supervise/5")
    void descriptor_isReadByTheNativePathOnly() throws Exception {
        Command command = sh("fd=${PM_RESOURCE_READY#fd:}; eval \"printf 'x\\n' >&$fd; exec $fd>&-\"; read stop; true")
                .stdin(Input.pipe())
                .ready(Ready.fd(), LONG);
        if (!isPosix()) {
            UnsupportedOperationException e = assertThrows(UnsupportedOperationException.class, command::startReady);
            assertTrue(e.getMessage().contains("PM_RESOURCE_READY"), e::getMessage);
            return;
        }
        ManagedProcess process = command.startReady();
        process.awaitReady();
        process.stdin().close();
        assertTrue(process.await().status().isExit(0));

        NotReadyException closed = assertThrows(
                NotReadyException.class, () -> sh("fd=${PM_RESOURCE_READY#fd:}; eval \"exec $fd>&-\"; read stop")
                        .stdin(Input.pipe())
                        .ready(Ready.fd(), LONG)
                        .startReady());
        assertEquals(Reason.IMPOSSIBLE, closed.reason(), closed::getMessage);
        assertThrows(
                LaunchException.class,
                () -> pm.command("/no/such/program").ready(Ready.fd(), LONG).startReady());
    }

    @Test
    @Scenario("supervise/6")
    void interrupt_stopsTheProcess() throws Exception {
        for (Ready ready : List.of(Ready.line("up"), Ready.file(tmp.path("never")), probe(process -> false))) {
            FutureTask<ManagedProcess> start = new FutureTask<>(() -> sh("exec " + sleepers.sleep(60))
                    .ready(ready, Duration.ofMinutes(5))
                    .startReady());
            Thread caller = new Thread(start);
            caller.start();
            Eventually.assertThat(LONG, "a process", () -> pm.processes().size() == 1);
            caller.interrupt();
            ExecutionException e =
                    assertThrows(ExecutionException.class, () -> start.get(LONG.toSeconds(), TimeUnit.SECONDS));
            assertInstanceOf(InterruptedException.class, e.getCause());
            assertEquals(List.of(), pm.processes());
        }
    }

    @Test
    @Scenario("supervise/7")
    void closedManager_endsTheWait() throws Exception {
        FutureTask<ManagedProcess> start = new FutureTask<>(() -> sh("exec " + sleepers.sleep(60))
                .ready(Ready.file(tmp.path("never")), Duration.ofMinutes(5))
                .startReady());
        Thread starting = new Thread(start);
        starting.start();
        // If the manager is closed earlier, it refuses the launch.
        Eventually.assertThat(LONG, "the wait", () -> Arrays.stream(starting.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Readiness.class.getName() + "$Wait")));
        pm.close();
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> start.get(LONG.toSeconds(), TimeUnit.SECONDS));
        NotReadyException stopped = assertInstanceOf(NotReadyException.class, e.getCause());
        assertEquals(Reason.EXITED, stopped.reason(), stopped::getMessage);
        assertSame(EndReason.TERMINATED, stopped.result().orElseThrow().endReason());
    }

    @Test
    void badCalls_areRefused() {
        Command command = pm.command("true");
        assertThrows(IllegalStateException.class, command::startReady);
        assertThrows(IllegalArgumentException.class, () -> Ready.port(0));
        assertThrows(IllegalArgumentException.class, () -> Ready.port(65_536));
        assertThrows(IllegalArgumentException.class, () -> command.ready(Ready.fd(), Duration.ZERO));
        Command unread =
                command.stdout(Output.discard()).stderr(Output.discard()).ready(Ready.line("up"), LONG);
        assertThrows(IllegalStateException.class, unread::startReady);
        assertFalse(pm.processes().iterator().hasNext());
    }

    private static Ready probe(Probe probe) {
        return Ready.probe("a reply", probe);
    }
}
