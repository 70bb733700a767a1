package org.processmanager.core.internal.detached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.JavaOptions;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.DetachedState.Phase;
import org.processmanager.core.supervise.Restart;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** Shims that are killed between two of their steps, after the JVM that started them has exited. */
@Timeout(180)
class ShimCrashIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ProcessIdentity DEAD = new ProcessIdentity(1, 1, "11111111-2222-3333-4444-555555555555");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** The file of an entry means what is true, whatever it says. */
    @ParameterizedTest
    @Scenario("detached/16")
    @CsvSource({
        "shim.started, LOST, sleep 300",
        "shim.recorded, LOST, sleep 300",
        "shim.exited, LOST, exit 7",
        "shim.exitRecorded, EXITED, exit 7",
    })
    void killedShim_leavesNoLiveEntry(String point, Phase expected, String script) throws Exception {
        Path registry = tmp.path("registry");
        Path pid = tmp.path("pid");
        Entries.createDirectory(registry);
        EntryFiles files = new EntryFiles(registry.resolve("web"));
        String line = "echo $$ >" + pid + "; exec sh -c '" + script + "'";
        LaunchSpec spec = new LaunchSpec(List.of("/bin/sh", "-c", line));
        Entries.create(files, CommandFile.of(spec, new DetachedOptions(Map.of(), Restart.never(), 4096)));
        StateFile.write(
                files,
                new DetachedState(
                        Phase.STARTING,
                        Optional.empty(),
                        DEAD,
                        Instant.now(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        ""));
        try (ProcessManager pm = ProcessManager.create()) {
            JavaOptions options = JavaOptions.none()
                    .option("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                    .property("org.processmanager.crash", point)
                    .property("org.processmanager.native", NativeLayer.available() ? "on" : "off");
            ProcessResult shim = pm.java(DetachedMain.class, options)
                    .args("web")
                    .directory(files.directory())
                    .stdout(Output.discard())
                    .acceptAnyExit()
                    .run();
            assertFalse(shim.status().isExit(0), () -> "not crashed: " + shim);
        }
        if (NativeLayer.available()) { // elsewhere the program survives its shim
            Eventually.assertThat(BOUND, "the end of the program", () -> isGone(pid));
            DetachedState state = StateFile.read(files);
            assertEquals(expected, state.phase());
            assertEquals(
                    expected == Phase.EXITED ? Optional.of(new ExitStatus.Exited(7)) : Optional.empty(),
                    state.exitStatus());
            assertTrue(Entries.remove(files), "the lock is free");
        }
    }

    private static boolean isGone(Path pid) {
        try {
            String text = Files.exists(pid) ? Files.readString(pid).strip() : "";
            return text.isEmpty()
                    || ProcessHandle.of(Long.parseLong(text))
                            .map(process -> !process.isAlive())
                            .orElse(true);
        } catch (IOException e) {
            return false;
        }
    }
}
