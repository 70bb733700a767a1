package org.processmanager.examples.app.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.fixtures.Scenario;

class PsCommandTest {
    @Test
    @Scenario("public-app/3")
    void command_isShownIn80Columns() {
        assertEquals(
                """
                    PID  USER      STATE      CPU%      MIB  COMMAND
                4194304  systemd+  suspended  99.9  12345.0  java /opt/application.jar
                      2  root      sleeping    0.0      0.0  a/b /c
                      3  root      sleeping    0.0      0.0  [na?me]
                      4  root      sleeping    0.0      0.0  title: x/y
                """,
                print(
                        80,
                        process(
                                4194304,
                                "systemd-network",
                                ProcessSnapshot.State.SUSPENDED,
                                12345L << 20,
                                "java",
                                "/usr/lib/jvm/java-17/bin/java -Xmx512m -jar /opt/application.jar"),
                        process(2, "root", ProcessSnapshot.State.SLEEPING, 0, "b", "a/b /c"),
                        process(3, "root", ProcessSnapshot.State.SLEEPING, 0, "na\033me", ""),
                        process(4, "root", ProcessSnapshot.State.SLEEPING, 0, "nginx", "title: x/y")));
    }

    private static ProcessSnapshot process(
            long pid, String user, ProcessSnapshot.State state, long bytes, String name, String commandLine) {
        return new ProcessSnapshot(
                new ProcessIdentity(pid, 1, ""),
                pid > 10 ? pid - 1 : 1,
                name,
                state,
                user,
                pid > 10 ? 99.9 : 0,
                Duration.ZERO,
                bytes,
                1,
                Instant.EPOCH,
                false,
                commandLine,
                commandLine.contains("-jar") ? Optional.of("/opt/application.jar") : Optional.empty());
    }

    private static String print(int columns, ProcessSnapshot... processes) {
        Map<ProcessSnapshot, Integer> rows = new LinkedHashMap<>();
        for (ProcessSnapshot process : processes) {
            rows.put(process, 0);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PsCommand.table(rows, ProcessSnapshot::cpuPercent)
                .print(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
