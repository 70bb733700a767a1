package org.processmanager.examples.app.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.cli.channel.PmRun.pm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.cli.channel.PmRun;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.fixtures.Tmp;

class DoctorTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void machine_isShownWithWhatIsNeeded() throws IOException {
        PmRun run = pm("doctor", "-o", "json").assertExit(0);
        Map<String, JsonNode> found = new HashMap<>();
        run.json().forEach(check -> found.put(check.get("name").textValue(), check));
        for (String needed : List.of("launch", "state directory", "registry", "shared memory")) {
            assertEquals("ok", found.get(needed).get("state").textValue(), needed);
        }
        assertEquals(
                NativeLayer.available() ? "ok" : "limited",
                found.get("native layer").get("state").textValue());
        assertTrue(found.get("limit of open files").get("found").textValue().contains(", at most "), run.out());
        found.values()
                .forEach(check -> assertEquals(
                        check.get("state").textValue().equals("ok"),
                        check.get("advice").textValue().isEmpty(),
                        check::toString));
    }

    @Test
    void directoryThatCannotBeWritten_fails() {
        assertEquals(
                Finding.State.OK, StateChecks.writable("x", tmp.directory()).state());
        Path below = tmp.path("a").resolve("b");
        assertEquals(Finding.ok("x", below + ", not there yet"), StateChecks.writable("x", below));
        Finding refused = StateChecks.writable("x", Path.of("/dev/null/pm"));
        assertEquals(Finding.State.FAILED, refused.state());
        assertEquals("/dev/null/pm cannot be written, because of /dev/null", refused.found());
    }

    @Test
    void exitedProcesses_areCounted() {
        Finding some = StateChecks.entries(named(Map.of("a", "running", "b", "exited 1", "c", "exited, signal 9")));
        assertEquals("3 started, 2 of them exited", some.found());
        assertEquals(Finding.State.LIMITED, some.state());
        assertEquals(
                Finding.State.OK,
                StateChecks.entries(named(Map.of("a", "running"))).state());
    }

    private static NamedProcesses named(Map<String, String> states) {
        return new NamedProcesses() {
            @Override
            public Map<String, ProcessIdentity> byName() {
                return Map.of();
            }

            @Override
            public Map<String, String> states() {
                return states;
            }
        };
    }
}
