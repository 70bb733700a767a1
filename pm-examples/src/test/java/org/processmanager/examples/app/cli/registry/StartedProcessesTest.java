package org.processmanager.examples.app.cli.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.examples.app.cli.channel.PmRun;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** The commands on processes that outlive the command that started them, within this JVM. */
@Timeout(180)
class StartedProcessesTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private PmRun pm(String... args) {
        return PmRun.pm(line(args));
    }

    private PmRun in(String input, String... args) {
        return PmRun.pm(input.getBytes(StandardCharsets.UTF_8), line(args));
    }

    private String[] line(String... args) {
        List<String> line =
                new ArrayList<>(List.of("--registry", tmp.path("registry").toString()));
        line.addAll(List.of(args));
        return line.toArray(String[]::new);
    }

    @AfterEach
    void killAll() {
        try (ProcessManager manager = ProcessManager.create()) {
            ProcessRegistry.of(manager, tmp.path("registry")).processes().forEach(DetachedProcess::kill);
        }
    }

    private JsonNode mine() throws IOException {
        return pm("ps", "--mine", "-o", "json").assertExit(0).json();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void request(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET /hello HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }

    private static boolean hasPython() throws InterruptedException {
        return Command.of("/bin/sh", "-c", "command -v python3")
                .acceptAnyExit()
                .run()
                .status()
                .isExit(0);
    }

    @Test
    @Scenario("detached/11")
    void server_isStartedWatchedRestartedAndStopped() throws Exception {
        Assumptions.assumeTrue(hasPython(), "needs python3");
        String port = Integer.toString(freePort());
        Signal end = NativeLayer.available() ? Signal.HUP : Signal.KILL;
        String out = pm(
                        "start",
                        "--name",
                        "web",
                        "--restart",
                        "on-failure",
                        "--stop-policy",
                        Signal.KILL.equals(end) ? "KILL:5s" : "HUP:20s,KILL:5s",
                        "--ready-port",
                        port,
                        "--dir",
                        tmp.directory().toString(),
                        "--",
                        "python3",
                        "-m",
                        "http.server",
                        "--bind",
                        "127.0.0.1",
                        port)
                .assertExit(0)
                .out();
        JsonNode web = mine().get(0);
        String pid = web.get("pid").asText();
        assertEquals("web started, process " + pid + "\n", out);
        assertEquals("running", web.get("state").textValue());
        assertEquals("python3", web.get("command").get(0).textValue());
        List<String> table = pm("ps", "--mine").assertExit(0).lines();
        assertTrue(table.get(1).matches("web +" + pid + " +running .*python3 -m http\\.server.*"), table::toString);
        String info = pm("info", "web").assertExit(0).out();
        assertTrue(info.contains("state       running\n") && info.contains(pid), info);
        assertEquals(
                pid,
                pm("ps", "--port", port, "-o", "json")
                        .assertExit(0)
                        .json()
                        .get(0)
                        .get("pid")
                        .asText());

        request(Integer.parseInt(port));
        Eventually.assertThat(BOUND, "the log of a request", () -> pm("logs", "-t", "--since", "10m", "web")
                .assertExit(0)
                .out()
                .matches("(?s).*\\d\\dZ 127\\.0\\.0\\.1 .*\"GET /hello.*"));
        assertEquals(1, pm("logs", "-n", "1", "web").lines().size());
        assertTrue(pm("logs", "wep").assertExit(3).err().contains("did you mean: web?"));
        PmRun again = pm("start", "--name", "web", "--", "true").assertExit(2);
        assertTrue(again.err().contains("pm rm web"), again::err);
        pm("rm", "web").assertExit(1);
        pm("wait", "--timeout", "10ms", "web").assertExit(124);

        pm("signal", "KILL", "web").assertExit(0);
        Eventually.assertThat(BOUND, "a restart", () -> {
            try {
                JsonNode now = mine().get(0);
                return now.get("restarts").intValue() == 1
                        && now.get("state").textValue().equals("running")
                        && !now.get("pid").asText().equals(pid);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        String stopped = pm("stop", "web").assertExit(0).out();
        assertTrue(stopped.contains("stopped by " + end), stopped);
        PmRun wait = pm("wait", "web").assertExit(128 + end.number());
        assertTrue(wait.out().startsWith("web: "), wait::out);
        assertTrue(pm("info", "web").assertExit(0).out().contains("restarts    1\n"));
        pm("stop", "web").assertExit(3);
        pm("rm", "web").assertExit(0);
        assertEquals(0, mine().size());
    }

    @Test
    @Scenario("detached/12")
    void exit_isKeptWithItsOutput() throws Exception {
        pm("start", "--name", "seven", "--env", "A=1", "sh", "-c", "echo a=$A; printf part; exit 7")
                .assertExit(0);
        pm("wait", "seven").assertExit(7);
        assertTrue(pm("attach", "seven").assertExit(2).err().contains("no managed JVM"));
        assertEquals(List.of("a=1", "part"), pm("logs", "-f", "seven").lines());
        assertTrue(pm("ps", "--mine").out().contains("exited 7"));
        JsonNode line = pm("logs", "-n", "1", "-o", "json", "seven").json();
        assertEquals("stdout", line.get("source").textValue());
        PmRun missing = pm("start", "no-such-program").assertExit(127);
        assertTrue(missing.err().contains("no-such-program"), missing::err);
        assertEquals(1, mine().size());
        pm("rm", "--exited").assertExit(0);
        assertEquals(0, mine().size());
    }

    @Test
    @Scenario("detached/13")
    void badInput_isRefusedInOneLine() throws Exception {
        for (String command : List.of("logs", "wait", "restart", "rm")) {
            PmRun unknown = pm(command, "nothing").assertExit(3);
            assertTrue(unknown.err().contains("no started process is named nothing"), unknown::err);
        }
        pm("rm").assertExit(2);
        pm("start", "--name", "a/b", "true").assertExit(2);
        pm("start", "--ready-line", "(", "true").assertExit(2);
        pm("start", "--ready-port", "0", "true").assertExit(2);
        pm("start", "--ready-port", "1", "--ready-line", "x", "true").assertExit(2);
        pm("start", "--restart", "sometimes", "true").assertExit(2);
        pm("start", "--die-with-parent", "true").assertExit(2);
        pm("ps", "--mine", "--tree").assertExit(2);
        Path file = Files.writeString(tmp.path("file"), "");
        PmRun unwritable = PmRun.pm("--registry", file.resolve("x").toString(), "start", "true")
                .assertExit(1);
        assertTrue(unwritable.err().contains(file.toString()), unwritable::err);
        assertEquals(1, unwritable.err().lines().count(), unwritable::err);
    }

    @Test
    @Scenario("detached/14")
    void managedJvm_isReachedByOtherCommands() throws Exception {
        pm("start", "--jvm", "kid", "--", "true").assertExit(2);
        pm("start", "--jvm", "kid").assertExit(0);
        assertTrue(pm("thread", "new", "one", "--in", "kid").assertExit(0).out().startsWith("thread one started"));
        assertTrue(pm("thread", "new", "one", "--in", "kid").assertExit(2).err().contains("\"one\""));
        PmRun attached = in("1\ntwo\n4\n", "attach", "kid").assertExit(0);
        assertTrue(attached.out().contains("thread two started"), attached::out);
        JsonNode threads = pm("thread", "ls", "--in", "kid", "-o", "json").json();
        assertEquals(2, threads.size());
        assertEquals("two", threads.get(1).get("name").textValue());
        assertTrue(
                pm("thread", "stop", "one", "--in", "kid").assertExit(0).out().contains("one ended: cancelled"));
        assertTrue(
                pm("thread", "stop", "one", "--in", "kid").assertExit(2).err().contains("there are: two"));
        assertTrue(pm("thread", "ls").assertExit(2).err().contains("--in CHILD"));
        assertTrue(pm("thread", "ls", "--in", "kit").assertExit(3).err().contains("did you mean: kid?"));

        PipedOutputStream typing = new PipedOutputStream();
        CompletableFuture<PmRun> waiting = new CompletableFuture<>();
        PipedInputStream typed = new PipedInputStream(typing);
        Thread thread = new Thread(() -> waiting.complete(PmRun.pm(typed, line("attach", "kid"))));
        thread.start();
        typing.write("2\n".getBytes(StandardCharsets.UTF_8));
        in("2\n", "attach", "kid").assertExit(0); // beside the other one
        pm("kill", "kid").assertExit(0);
        PmRun ended = waiting.get(BOUND.toSeconds(), TimeUnit.SECONDS).assertExit(128 + 9);
        assertTrue(ended.out().endsWith("kid ended: signal KILL\n"), ended::out);
        assertTrue(pm("thread", "ls", "--in", "kid").assertExit(3).err().contains("kid does not run"));
        pm("restart", "kid").assertExit(0);
        assertEquals(0, pm("thread", "ls", "--in", "kid", "-o", "json").json().size());
    }
}
