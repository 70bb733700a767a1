package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Waiting for a line of a program, such as that a server is up. */
abstract class AwaitLineContract extends LauncherContract {
    private static final Pattern UP = Pattern.compile("listening on (\\d+)");

    @Test
    void line_isFoundWhenItComes() throws Exception {
        ManagedProcess server = sh("echo starting; read go; echo INFO listening on 8080; read stop")
                .stdin(Input.pipe())
                .start();
        assertEquals(Optional.empty(), server.awaitLine(UP, Duration.ofMillis(100)));
        server.stdin().write('\n');
        assertEquals(Optional.of("INFO listening on 8080"), server.awaitLine(UP, LONG));
        server.stdin().write('\n');
        assertEquals("starting\nINFO listening on 8080\n", server.await().stdoutText());
    }

    @Test
    void line_isFoundOnStandardErrorToo() throws Exception {
        ManagedProcess server =
                sh("echo listening on 1 >&2; read stop").stdin(Input.pipe()).start();
        assertEquals(Optional.of("listening on 1"), server.awaitLine(UP, LONG));
        server.stdin().close();
        server.await();
    }

    @Test
    void line_isFoundAfterItWasPrinted() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        for (Output output : List.of(
                Output.tail(1000), Output.capture(), Output.lines(lines::add), Output.pipe(), Output.head(1000))) {
            ManagedProcess server = sh("echo before; echo listening on 2; echo after >&2; echo after; read stop")
                    .stdin(Input.pipe())
                    .stdout(output)
                    .start();
            assertEquals(Optional.of("after"), server.awaitLine(Pattern.compile("after"), LONG));
            assertEquals(Optional.of("listening on 2"), server.awaitLine(UP, LONG));
            assertEquals(Optional.of("listening on 2"), server.awaitLine(UP, Duration.ZERO));
            server.stdin().close();
            server.await();
            assertEquals(Optional.of("listening on 2"), server.awaitLine(UP, LONG));
        }
        assertEquals(List.of("before", "listening on 2", "after"), lines);
    }

    @Test
    void cutLine_isNotTakenForAWholeOne() throws Exception {
        ManagedProcess process =
                sh("echo xlistening on 3; echo end").stdout(Output.tail(19)).start();
        process.await();
        assertEquals("listening on 3\nend\n", process.await().stdoutText());
        assertEquals(Optional.empty(), process.awaitLine(UP, LONG));
        assertEquals(Optional.of("end"), process.awaitLine(Pattern.compile("^end$"), LONG));
    }

    @Test
    void exit_endsTheWait() throws Exception {
        ManagedProcess process = sh("sleep 0.2; printf 'last line'").start();
        long start = System.nanoTime();
        assertEquals(Optional.empty(), process.awaitLine(UP, Duration.ofMinutes(5)));
        assertWithin(LONG, start);
        assertEquals(Optional.of("last line"), process.awaitLine(Pattern.compile("last"), Duration.ZERO));
    }

    @Test
    void line_endsAWaitAmongALotOfOutput() throws Exception {
        ManagedProcess process = sh("yes some line | head -n 500000; echo listening on 4; exec yes other line")
                .start();
        assertEquals(Optional.of("listening on 4"), process.awaitLine(UP, LONG));
        assertEquals(Optional.empty(), process.awaitLine(Pattern.compile("never"), Duration.ofMillis(50)));
        process.kill();
        process.await();
    }

    @Test
    void charset_isThatOfTheStream() throws Exception {
        ManagedProcess process = sh("printf 'caf\\351\\n'")
                .stdout(Output.tail(100).charset(StandardCharsets.ISO_8859_1))
                .start();
        assertEquals(Optional.of("caf\u00e9"), process.awaitLine(Pattern.compile("caf"), LONG));
        process.await();
    }

    @Test
    void outputElsewhere_isRefused() throws Exception {
        ManagedProcess process = pm.command("true")
                .stdout(Output.discard())
                .stderr(Output.toFile(tmp.path("err")))
                .start();
        assertThrows(IllegalStateException.class, () -> process.awaitLine(UP, LONG));
        process.await();
    }

    @Test
    void consumer_mayNotWaitForItsOwnOutput() throws Exception {
        CompletableFuture<ManagedProcess> self = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        ManagedProcess process = pm.command("echo", "x")
                .stdout(Output.lines(line -> {
                    try {
                        self.join().awaitLine(UP, LONG);
                    } catch (Exception e) {
                        thrown.complete(e);
                    }
                }))
                .start();
        self.complete(process);
        assertTrue(thrown.get(LONG.toSeconds(), TimeUnit.SECONDS) instanceof IllegalStateException);
        process.await();
    }

    @Test
    void patternThatRecursesTooDeeply_isReported() throws Exception {
        ManagedProcess process = sh("head -c 200000 /dev/zero | tr '\\0' a; echo")
                .stdout(Output.capture())
                .start();
        Pattern recursive = Pattern.compile("(a|b)*c");
        assertThrows(IllegalStateException.class, () -> process.awaitLine(recursive, LONG));
        process.await();
    }
}
