package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;

/** What results and process objects answer, with each launcher. */
abstract class ResultContract extends LauncherContract {
    @Test
    void exitCode_isThatOfTheProgram() throws Exception {
        assertEquals(0, pm.command("true").run().exitCode());
        assertEquals(7, sh("exit 7").acceptAnyExit().run().exitCode());
    }

    @Test
    void exitCode_ofKilledProgram_namesTheSignal() throws Exception {
        ProcessResult result = sh("kill -9 $$").acceptAnyExit().run();
        if (!isPosix()) {
            assertEquals(137, result.exitCode()); // the JDK does not distinguish
            return;
        }
        IllegalStateException thrown = assertThrows(IllegalStateException.class, result::exitCode);
        assertEquals("no exit code of sh [" + result.pid() + "]: killed by SIGKILL", thrown.getMessage());
    }

    @Test
    void isSuccess_followsTheAcceptedCodes() throws Exception {
        assertTrue(pm.command("true").run().isSuccess());
        assertFalse(sh("exit 1").acceptAnyExit().run().isSuccess());
        assertTrue(sh("exit 1").acceptExitCodes(0, 1).run().isSuccess());
        assertFalse(sh("kill -9 $$").acceptAnyExit().run().isSuccess());
    }

    @Test
    void isSuccess_isFalseForLocalFailures() throws Exception {
        Command echo = pm.command("echo", "hello").acceptAnyExit();
        assertFalse(echo.stdout(Output.capture(2)).run().isSuccess());
        assertTrue(echo.stdout(Output.head(2)).run().isSuccess());
        Output failing = Output.lines(line -> {
            throw new IllegalArgumentException(line);
        });
        assertFalse(echo.stdout(failing).run().isSuccess());
    }

    @Test
    void lines_haveNoTerminators() throws Exception {
        ProcessResult result = sh("printf 'a\\r\\n\\nb'; printf 'c\\n' >&2").run();
        assertEquals(List.of("a", "", "b"), result.stdoutLines());
        assertEquals(List.of("c"), result.stderrLines());
        assertEquals(List.of(), pm.command("true").run().stdoutLines());
    }

    @Test
    void isAlive_endsWithTheExit() throws Exception {
        ManagedProcess process = pm.command("cat").stdin(Input.pipe()).start();
        try (AdoptedProcess adopted = pm.adopt(process.pid())) {
            for (OsProcess each : List.of(process, adopted)) {
                assertEquals(process.pid(), each.pid());
                assertTrue(each.isAlive());
                assertEquals(OsProcess.State.RUNNING, each.state());
            }
            process.stdin().close();
            process.await();
            for (OsProcess each : List.of(process, adopted)) {
                Eventually.assertThat(LONG, "it has exited", () -> !each.isAlive());
                assertEquals(OsProcess.State.EXITED, each.state());
                each.onExit().get();
            }
        }
    }

    @Test
    void failedPipeline_carriesEveryStage() {
        Pipeline pipeline = sh("cat; exit 3").pipeTo(pm.command("cat")).pipeTo(sh("cat; exit 0"));
        ProcessFailedException thrown = assertThrows(ProcessFailedException.class, pipeline::run);
        assertEquals(3, thrown.result().exitCode());
        assertEquals(
                List.of(3, 0, 0),
                thrown.stages().stream().map(ProcessResult::exitCode).toList());
        String stages = " as stage 1 of 3 in sh (exit code 3) | cat (exit code 0) | sh (exit code 0), ";
        assertTrue(thrown.getMessage().contains(stages), thrown::getMessage);
    }

    @Test
    void failedProcess_isItsOnlyStage() {
        ProcessFailedException thrown =
                assertThrows(ProcessFailedException.class, () -> sh("exit 3").run());
        assertEquals(List.of(thrown.result()), thrown.stages());
    }

    @Test
    void deserializedFailure_hasItsMessageAlone() throws Exception {
        ProcessFailedException thrown =
                assertThrows(ProcessFailedException.class, () -> sh("exit 3").run());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            ProcessFailedException read = (ProcessFailedException) in.readObject();
            assertEquals(thrown.getMessage(), read.getMessage());
            assertThrows(IllegalStateException.class, read::result);
            assertThrows(IllegalStateException.class, read::stages);
        }
    }
}
