package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.LockChanged;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.Pm;
import org.processmanager.examples.app.PmApp;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.sync.SharedCounterExample;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/** The variable that several processes with several threads each count up. */
@Timeout(180)
class SharedCounterIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().after(NativeLayer::available);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void log_showsTheLockWithOneOwnerAtATime() throws Exception {
        Path log = tmp.path("log");
        assertEquals("120 of 120\n", run("2", "3", "20", log.toString()));
        List<ProcessEvent> events = EventLog.at(log).read().events();
        assertEquals(240, events.size());
        for (int i = 0; i < events.size(); i += 2) {
            LockChanged taken = (LockChanged) events.get(i);
            LockChanged given = (LockChanged) events.get(i + 1);
            assertEquals(LockChanged.Change.ACQUIRED, taken.change());
            assertEquals(LockChanged.Change.RELEASED, given.change());
            assertEquals(taken.reporter(), given.reporter());
        }
        assertEquals(2, events.stream().map(ProcessEvent::reporter).distinct().count());
    }

    private static String run(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(PmApp.of().commandLine());
        line.set(line.indexOf(Pm.class.getName()), SharedCounterExample.class.getName());
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
            return out;
        } finally {
            process.destroyForcibly();
        }
    }
}
