package org.processmanager.benchmarks.suite;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.processmanager.benchmarks.suite.Program.Origin;

class SuitesTest {
    private static final Path MODULE = Path.of(System.getProperty("pm.test.root"), "pm-benchmarks");

    /** Names that scripts rely on. */
    private static final Map<String, List<String>> CASES = Map.ofEntries(
            Map.entry("spawn", List.of("true-sequential", "true-8-threads", "true-1000-idle-children", "true-4g-heap")),
            Map.entry("capture", List.of("1k", "seq-100000")),
            Map.entry("pump", List.of("cat-10", "cat-100", "cat-200", "cat-500")),
            Map.entry("exit-latency", List.of("child", "non-child")),
            Map.entry("idle", List.of("children-500", "mutex-waiter", "receiver")),
            Map.entry("mutex", List.of("uncontended", "ping-pong", "four-processes", "recovery")),
            Map.entry(
                    "read-write-lock",
                    List.of("read-uncontended", "write-uncontended", "read-four-processes", "mixed-four-processes")),
            Map.entry("semaphore", List.of("uncontended", "ping-pong")),
            Map.entry("condition", List.of("ping-pong")),
            Map.entry("barrier", List.of("four-processes")),
            Map.entry("buffer", List.of("two-to-two-64")),
            Map.entry(
                    "ring",
                    List.of(
                            "one-to-one-64-single",
                            "one-to-one-64-batch",
                            "one-to-one-256-single",
                            "three-to-one-64-single",
                            "three-to-one-64-batch",
                            "two-to-two-64-single")),
            Map.entry("round-trip", List.of("spinning", "blocking")),
            Map.entry("list", List.of("all-500")));

    private static final String MESSENGERS = "aeron-ipc agrona-one-to-one array-blocking-queue c-ring chronicle-queue"
            + " disruptor jctools jeromq ours ours-fifo ours-unix pipe python-multiprocessing unix-socket";
    private static final Map<String, String> CANDIDATES = Map.ofEntries(
            Map.entry("spawn", "c-posix-spawn commons-exec nuprocess ours ours-portable processbuilder zt-exec"),
            Map.entry("capture", "commons-exec nuprocess ours ours-portable processbuilder zt-exec"),
            Map.entry("pump", "c-epoll nuprocess ours processbuilder zt-exec"),
            Map.entry("exit-latency", "nuprocess ours process-handle processbuilder"),
            Map.entry("idle children-500", "ours processbuilder"),
            Map.entry("idle", "ours"),
            Map.entry("mutex", "c-futex c-robust-mutex file-lock ours reentrant-lock"),
            Map.entry("read-write-lock", "c-rwlock file-lock ours ours-mutex reentrant-rw-lock"),
            Map.entry("semaphore", "c-sem juc-semaphore ours ours-leased"),
            Map.entry("condition", "c-condition juc-condition ours ours-event"),
            Map.entry("barrier", "c-barrier cyclic-barrier ours"),
            Map.entry("buffer", "array-blocking-queue file-lock ours ours-textbook python-multiprocessing"),
            Map.entry("ring", MESSENGERS.replace("one-to-one", "many-to-one")),
            Map.entry("ring one-to-one-64-single", MESSENGERS),
            Map.entry("ring one-to-one-64-batch", MESSENGERS),
            Map.entry("ring one-to-one-256-single", MESSENGERS),
            Map.entry("round-trip", MESSENGERS.replace("c-ring", "c-futex c-pipe c-ring c-shared-line")),
            Map.entry("list", "oshi ours ps"));

    @Test
    void cases_haveDocumentedCandidates() {
        for (Suite suite : Suites.all()) {
            for (Case each : suite.cases()) {
                String names =
                        each.candidates().stream().map(Candidate::name).sorted().collect(Collectors.joining(" "));
                String expected =
                        CANDIDATES.getOrDefault(suite.name() + " " + each.name(), CANDIDATES.get(suite.name()));
                assertEquals(expected, names, suite.name() + " " + each.name());
            }
        }
    }

    @Test
    void suites_haveDocumentedNames() {
        Map<String, List<String>> found = new TreeMap<>();
        for (Suite suite : Suites.all()) {
            found.put(suite.name(), suite.cases().stream().map(Case::name).toList());
        }
        assertEquals(new TreeMap<>(CASES), found);
    }

    @Test
    void candidates_existInSources() {
        programs().forEach(program -> {
            if (program instanceof Program.C c) {
                assertIsFile(MODULE.resolve("src/main/c").resolve(c.source()));
            } else if (program instanceof Program.Python python) {
                assertIsFile(MODULE.resolve("src/main/python").resolve(python.script()));
            } else if (program instanceof Program.Java java && java.origin() instanceof Origin.Peer peer) {
                Path directory = MODULE.resolve("peers").resolve(peer.name());
                assertIsFile(directory.resolve("pom.xml"));
                assertIsFile(directory
                        .resolve("src/main/java")
                        .resolve(java.params().text("adapter").replace('.', '/') + ".java"));
            } else if (program instanceof Program.Java java) {
                assertDoesNotThrow(() -> Class.forName(java.params().text("adapter")));
            }
        });
    }

    @Test
    void ours_needsNoJvmFlags() {
        Suites.all().stream()
                .flatMap(suite -> suite.cases().stream())
                .flatMap(each -> each.candidates().stream())
                .filter(candidate -> candidate.name().equals(Candidate.OURS))
                .filter(Candidate.Runs.class::isInstance)
                .forEach(ours -> assertEquals(List.of(), ((Program.Java) ((Candidate.Runs) ours).program()).flags()));
    }

    private static Stream<Program> programs() {
        return Suites.all().stream()
                .flatMap(suite -> suite.cases().stream())
                .flatMap(each -> each.candidates().stream())
                .filter(Candidate.Runs.class::isInstance)
                .map(candidate -> ((Candidate.Runs) candidate).program());
    }

    private static void assertIsFile(Path file) {
        assertTrue(Files.isRegularFile(file), file::toString);
    }
}
