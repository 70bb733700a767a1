package org.processmanager.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.fixtures.Scenario;

class ProcessTreeTest {
    private static ProcessSnapshot process(long pid, long parent, long startTicks) {
        return new ProcessSnapshot(
                new ProcessIdentity(pid, startTicks, ""),
                parent,
                "p",
                ProcessSnapshot.State.SLEEPING,
                "root",
                0,
                Duration.ofSeconds(pid),
                100 * pid,
                2,
                Instant.EPOCH,
                false,
                "p",
                Optional.empty());
    }

    private static List<Long> pids(List<ProcessSnapshot> processes) {
        return processes.stream().map(ProcessSnapshot::pid).toList();
    }

    @Test
    void tree_isWalkedParentsFirst() {
        ProcessTree tree = ProcessTree.of(List.of(
                process(1, 0, 1),
                process(9, 1, 5),
                process(2, 1, 5),
                process(3, 9, 6),
                process(4, 3, 7),
                process(5, 77, 2)));
        List<String> rows = new ArrayList<>();
        tree.forEach((process, depth) -> rows.add(depth + ":" + process.pid()));
        assertEquals(List.of("0:1", "1:9", "2:3", "3:4", "1:2", "0:5"), rows);
        assertEquals(List.of(1L, 5L), pids(tree.roots()));
        assertEquals(List.of(9L, 2L), pids(tree.children(1)));
        assertEquals(List.of(3L, 4L), pids(tree.descendants(9)));
        assertEquals(List.of(3L, 9L, 1L), pids(tree.ancestors(4)));
        assertEquals(new ProcessTree.Usage(3, 6, Duration.ofSeconds(16), 1600), tree.usage(9));
        assertEquals(new ProcessTree.Usage(0, 0, Duration.ZERO, 0), tree.usage(1000));
        assertEquals(List.of(), tree.descendants(1000));
        assertEquals(Optional.empty(), tree.find(1000));
    }

    /** A pid may be that of a later process, and processes are not read all at one moment. */
    @Test
    @Scenario("monitor/4")
    void laterProcess_isNoParent() {
        ProcessTree reused = ProcessTree.of(List.of(process(7, 1, 50), process(8, 7, 40)));
        assertEquals(List.of(7L, 8L), pids(reused.roots()));
        assertEquals(List.of(), reused.ancestors(8));

        ProcessTree self = ProcessTree.of(List.of(process(7, 7, 50)));
        assertEquals(List.of(7L), pids(self.roots()));
        assertEquals(List.of(), self.ancestors(7));

        ProcessTree circle = ProcessTree.of(List.of(process(7, 8, 50), process(8, 7, 50)));
        assertEquals(List.of(8L), pids(circle.ancestors(7)));
        assertEquals(List.of(8L, 7L), pids(circle.descendants(7)));
    }

    @ParameterizedTest
    @CsvSource({
        "java -Xmx1g -cp a.jar:b.jar org.x.Main -jar y, org.x.Main",
        "/usr/bin/java --class-path x @file --add-opens a/b=c org.x.Main, org.x.Main",
        "java -jar /opt/app.jar org.x.Main, /opt/app.jar",
        "java -p mods -m mod/org.x.Main arg, mod/org.x.Main",
        "java --module=mod/org.x.Main, mod/org.x.Main",
        "java --version, ''",
        "java -jar, ''",
        "java, ''",
        "'', ''",
        "javac Main, ''",
        "myjava Main, ''",
        "sh java Main, ''"
    })
    void mainClass_isFoundInTheCommandLine(String line, String expected) {
        String arguments = line.isEmpty() ? "" : line.replace(' ', '\0') + '\0';
        assertEquals(expected, CommandLines.mainClass(arguments).orElse(""));
        assertEquals(line, CommandLines.text(arguments));
    }
}
