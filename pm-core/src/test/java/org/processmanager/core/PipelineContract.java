package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Processes that are connected by pipes of the system. */
abstract class PipelineContract extends LauncherContract {
    private static final int MIB = 1024 * 1024;

    private static List<ExitStatus> statuses(PipelineResult result) {
        return result.stages().stream().map(ProcessResult::status).toList();
    }

    private <T> T within(Duration bound, Pipeline pipeline, Callable<T> run) throws Exception {
        return Eventually.assertReturns(
                bound, () -> "run() of " + pipeline + " returns; its stages: " + pm.processes(), run);
    }

    private static PipelineResult awaitEnd(ManagedPipeline pipeline) throws InterruptedException {
        return pipeline.await(Soak.bound(Duration.ofSeconds(3)))
                .orElseThrow(() -> new AssertionError("it is still running: " + pipeline));
    }

    @Test
    void stages_areConnectedInTheirOrder() throws Exception {
        PipelineResult result = pm.command("tr", "a-z", "A-Z")
                .stdin(Input.of("banana\napple\nbanana\n"))
                .pipeTo(Command.of("sort"))
                .pipeTo(Command.of("uniq", "-c"))
                .pipeTo(Command.of("tr", "-d", " "))
                .run();
        assertEquals("1APPLE\n2BANANA\n", result.stdoutText());
        assertEquals("", result.stages().get(0).stdoutText());
        assertEquals(Collections.nCopies(4, new ExitStatus.Exited(0)), statuses(result));
        assertTrue(result.failed().isEmpty());
    }

    @Test
    void manyBytes_passThroughManyStages() throws Exception {
        int bytes = Soak.scaled(256, 8) * MIB;
        Pipeline pipeline =
                pm.command("head", "-c", Integer.toString(bytes), "/dev/zero").pipeTo(Command.of("cat"));
        for (int i = 0; i < 6; i++) {
            pipeline = pipeline.pipeTo(Command.of("cat"));
        }
        assertEquals(bytes + "\n", pipeline.pipeTo(Command.of("wc", "-c")).run().stdoutText());
    }

    @Test
    void errorsOfEachStage_areKeptApartOrGoAlong() throws Exception {
        Command talker = sh("echo out; echo err >&2");
        PipelineResult apart = talker.pipeTo(sh("cat; echo too >&2")).run();
        assertEquals("out\n", apart.stdoutText());
        assertEquals("err\n", apart.stages().get(0).stderrText());
        assertEquals("too\n", apart.last().stderrText());
        PipelineResult along = talker.mergeStderr().pipeTo(Command.of("sort")).run();
        assertEquals("err\nout\n", along.stdoutText());
    }

    @Test
    void lastStage_goesWhereItsCommandSays() throws Exception {
        Path file = tmp.path("sorted");
        pm.command("printf", "b\\na\\n")
                .pipeTo(Command.of("sort").stdout(Output.toFile(file)))
                .run();
        assertEquals("a\nb\n", Files.readString(file));
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        ManagedPipeline started = pm.command("cat")
                .stdin(Input.pipe())
                .pipeTo(Command.of("sort").stdout(Output.lines(lines::add)))
                .start();
        try (OutputStream in = started.stdin()) {
            in.write("2\n1\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertTrue(started.await().failed().isEmpty());
        assertEquals(List.of("1", "2"), lines);
        assertTrue(started.onExit()
                .get(LONG.toSeconds(), TimeUnit.SECONDS)
                .failed()
                .isEmpty());
        assertTrue(started.await(Duration.ZERO).isPresent());
    }

    @Test
    @Scenario("research-process/23")
    void writerThatIsNotReadToTheEnd_hasNotFailed() throws Exception {
        Pipeline pipeline = sh("exec yes").pipeTo(Command.of("head", "-1"));
        PipelineResult result = within(Soak.bound(Duration.ofSeconds(3)), pipeline, pipeline::run);
        assertEquals("y\n", result.stdoutText());
        assertSignaled(Signal.PIPE, result.stages().get(0));
        assertTrue(sh("yes; exit $?")
                .pipeTo(Command.of("head", "-1"))
                .run()
                .failed()
                .isEmpty());
    }

    @Test
    void brokenPipeOfTheLastStage_isAFailure() {
        Pipeline pipeline = pm.command("true").pipeTo(sh("kill -PIPE $$"));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, pipeline::run);
        assertSignaled(Signal.PIPE, failure.result());
    }

    @Test
    void failedStage_isNamedThoughTheLastSucceeds() throws Exception {
        Pipeline pipeline = sh("echo some; echo reason >&2; exit 3")
                .pipeTo(Command.of("cat"))
                .pipeTo(sh("cat; exit 0"));
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, pipeline::run);
        assertEquals(new ExitStatus.Exited(3), failure.result().status());
        String message = failure.getMessage();
        assertTrue(
                message.contains(
                        "as stage 1 of 3 in sh (exit code 3) | cat (exit code 0) | sh (exit code 0), exit code 3"),
                message);
        assertTrue(message.contains("reason"), message);
        PipelineResult all = pipeline.acceptAnyExit().run();
        assertEquals("some\n", all.stdoutText());
        assertEquals(
                List.of(new ExitStatus.Exited(3), new ExitStatus.Exited(0), new ExitStatus.Exited(0)), statuses(all));
    }

    @Test
    void acceptedExitCodes_areThoseOfEachStage() throws Exception {
        Command three = sh("exit 3").acceptExitCodes(3);
        assertTrue(three.pipeTo(Command.of("cat")).run().failed().isEmpty());
        Pipeline second = three.pipeTo(sh("exit 4"));
        assertEquals(
                new ExitStatus.Exited(4),
                assertThrows(ProcessFailedException.class, second::run).result().status());
    }

    @Test
    void firstOfSeveralFailures_isTheOneThatEndedFirst() throws Exception {
        // The pipe is closed at the end of the other one, whenever that came to be.
        PipelineResult result = sh("cat /dev/zero; sleep 0.5; exit 1")
                .pipeTo(sh("exit 2"))
                .acceptAnyExit()
                .run();
        assertEquals(new ExitStatus.Exited(2), result.failed().orElseThrow().status());
        PipelineResult other = sh("exit 1")
                .pipeTo(sh("cat; sleep 0.5; exit 2"))
                .acceptAnyExit()
                .run();
        assertEquals(new ExitStatus.Exited(1), other.failed().orElseThrow().status());
    }

    @Test
    @Scenario("process/2")
    void timeout_boundsAllStages() throws Exception {
        Pipeline pipeline = pm.command("sleep", sleepers.argument(60))
                .pipeTo(Command.of("sleep", sleepers.argument(61)).timeout(Duration.ofHours(1)))
                .pipeTo(Command.of("cat"))
                .timeout(Duration.ofMillis(400));
        ProcessFailedException failure = within(
                Soak.bound(Duration.ofSeconds(3)),
                pipeline,
                () -> assertThrows(ProcessFailedException.class, pipeline::run));
        assertEquals(EndReason.TIMED_OUT, failure.result().endReason());
        assertTrue(failure.getMessage().contains("timed out after PT0.4S"), failure::getMessage);
        assertEquals(List.of(), sleepers.alive());
    }

    @Test
    void timeoutOfOneStage_isItsOwn() throws Exception {
        Pipeline pipeline = pm.command("sleep", sleepers.argument(60))
                .timeout(Duration.ofMillis(200))
                .pipeTo(Command.of("cat"))
                .timeout(Duration.ofHours(1))
                .acceptAnyExit();
        PipelineResult result = within(Soak.bound(Duration.ofSeconds(3)), pipeline, pipeline::run);
        assertEquals(EndReason.TIMED_OUT, result.stages().get(0).endReason());
        assertEquals(new ExitStatus.Exited(0), result.last().status());
    }

    @Test
    void impossibleTimeouts_areRefused() {
        Pipeline pipeline = pm.command("true").pipeTo(Command.of("true"));
        assertThrows(IllegalArgumentException.class, () -> pipeline.timeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> pipeline.timeout(Duration.ofSeconds(-1)));
        Duration forEver = java.time.temporal.ChronoUnit.FOREVER.getDuration();
        assertEquals(forEver, pipeline.timeout(forEver).timeout().orElseThrow());
    }

    @Test
    void stop_endsAllStagesAtOnce() throws Exception {
        // Each ends only after all three have got TERM: one after the other they would not.
        Path directory = Files.createDirectory(tmp.path("told"));
        StopPolicy policy = StopPolicy.of(
                StopPolicy.Step.signal(Signal.TERM, Duration.ofSeconds(8)),
                StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(2)));
        List<Command> stages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stages.add(sh("told() { : > told/" + i + "; while [ ! -e told/0 ] || [ ! -e told/1 ] || [ ! -e told/2 ]; do"
                            + " sleep 0.02; done; exit; }; trap told TERM; : > ready." + i
                            + "; while :; do sleep 0.02; done")
                    .directory(directory.getParent())
                    .stopPolicy(policy));
        }
        ManagedPipeline pipeline =
                stages.get(0).pipeTo(stages.get(1)).pipeTo(stages.get(2)).start();
        for (int i = 0; i < 3; i++) {
            Path ready = tmp.path("ready." + i);
            Eventually.assertThat(LONG, "its trap is set", () -> Files.exists(ready));
        }
        List<StopReport> reports =
                Eventually.assertReturns(LONG, () -> "stop() of all stages returns: " + pipeline, pipeline::stop);
        for (StopReport report : reports) {
            assertEquals(
                    Optional.of(Signal.TERM),
                    report.effectiveStep().flatMap(StopPolicy.Step::signal),
                    reports::toString);
        }
        assertEquals(3, reports.size());
        assertTrue(awaitEnd(pipeline).stages().stream().allMatch(stage -> stage.endReason() == EndReason.TERMINATED));
    }

    @Test
    void kill_endsAllStages() throws Exception {
        ManagedPipeline pipeline = pm.command("sleep", sleepers.argument(60))
                .pipeTo(Command.of("sleep", sleepers.argument(60)))
                .start();
        assertEquals(2, pm.processes().size());
        Eventually.assertReturns(Soak.bound(Duration.ofSeconds(3)), () -> "kill() returns: " + pipeline, () -> {
            pipeline.kill();
            return null;
        });
        awaitEnd(pipeline).stages().forEach(stage -> assertSignaled(Signal.KILL, stage));
    }

    @Test
    @Scenario("research-process/34")
    void interruptedRun_stopsAllStages() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Pipeline pipeline = pm.command("sleep", sleepers.argument(60)).pipeTo(sh(sleepers.sleep(60) + " & wait"));
        Thread caller = new Thread(() -> {
            try {
                pipeline.run();
                thrown.complete(new AssertionError("it was not interrupted"));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        caller.start();
        Eventually.assertThat(LONG, "all are there", () -> sleepers.alive().size() == 3);
        caller.interrupt();
        Eventually.assertThat(
                Soak.bound(Duration.ofSeconds(3)),
                "run() ends after an interrupt: " + pm.processes(),
                () -> !caller.isAlive());
        assertEquals(InterruptedException.class, thrown.join().getClass());
        assertEquals(List.of(), sleepers.alive());
        assertEquals(List.of(), pm.processes());
    }

    @Test
    void failedLaunchOfAStage_killsTheOthers() throws Exception {
        List<String> failed = Collections.synchronizedList(new ArrayList<>());
        pm.addListener(event -> {
            if (event instanceof ProcessEvent.LaunchFailed launch) {
                failed.add(launch.name());
            }
        });
        Command sleeper = pm.command("sleep", sleepers.argument(60));
        Command missing = Command.of("no-such-program-anywhere");
        Command script = Command.of(noInterpreter().toString());
        LaunchFailures.assertFails(
                LaunchException.Reason.NOT_FOUND, () -> sleeper.pipeTo(missing).run());
        LaunchFailures.assertFails(
                LaunchException.Reason.NOT_FOUND,
                () -> missing.pipeTo(sleeper).pipeTo(sleeper).start());
        LaunchFailures.assertFails(
                LaunchException.Reason.NOT_EXECUTABLE,
                () -> sleeper.pipeTo(sleeper).pipeTo(script).pipeTo(sleeper).start());
        LaunchFailures.assertFails(LaunchException.Reason.BAD_DIRECTORY, () -> sleeper.pipeTo(
                        sleeper.directory(Path.of("/no/such/directory")))
                .start());
        assertEquals(List.of(), sleepers.alive());
        assertEquals(List.of(), pm.processes());
        Eventually.assertThat(LONG, "listeners are notified", () -> failed.size() == 4);
        assertEquals("sleep | no-such-program-anywhere", failed.get(0));
    }

    /** Its first line names an interpreter that does not exist, which only the start itself finds. */
    private Path noInterpreter() throws Exception {
        Path script = Files.writeString(tmp.path("script"), "#!/no/such/interpreter\n");
        script.toFile().setExecutable(true);
        return script;
    }

    @Test
    void connectedStreamsThatWereSet_areRefused() {
        Command plain = pm.command("cat");
        assertThrows(IllegalArgumentException.class, () -> plain.stdout(Output.discard())
                .pipeTo(plain));
        assertThrows(IllegalArgumentException.class, () -> plain.pipeTo(plain.stdin(Input.of("x"))));
        assertThrows(
                IllegalArgumentException.class,
                () -> plain.pipeTo(plain).pipeTo(plain.stdout(Output.capture())).pipeTo(plain));
        assertThrows(
                IllegalStateException.class,
                () -> plain.stdin(Input.pipe()).pipeTo(plain).run());
        try (ProcessManager other = ProcessManager.create()) {
            assertThrows(IllegalArgumentException.class, () -> plain.pipeTo(plain.on(other)));
        }
        assertEquals(List.of(), pm.processes());
    }

    @Test
    @Scenario("process/15")
    void noStageHoldsAnEndOfAnotherPipe() throws Exception {
        // Each cat exits only if its neighbor alone has the pipe that it reads.
        for (int i = 0; i < Soak.scaled(100, 10); i++) {
            ManagedPipeline first = pm.command("cat")
                    .stdin(Input.pipe())
                    .pipeTo(Command.of("cat"))
                    .pipeTo(Command.of("cat"))
                    .start();
            ManagedPipeline second = pm.command("cat")
                    .stdin(Input.pipe())
                    .pipeTo(Command.of("cat"))
                    .start();
            first.stdin().close();
            assertTrue(first.await(LONG).isPresent(), first::toString);
            second.stdin().close();
            assertTrue(second.await(LONG).isPresent(), second::toString);
        }
        assertFalse(Stream.of(pm.processes()).anyMatch(left -> !left.isEmpty()));
    }
}
