package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.examples.app.PmApp.pm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.app.PmApp.Outcome;
import org.processmanager.examples.app.PmApp.Running;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** The main job: against another program's count, on odd input, and when something goes wrong. */
@Timeout(180)
class DemoIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private TreeSet<String> before = new TreeSet<>();

    @BeforeEach
    void look() {
        before = demoFiles();
    }

    /** Other builds of this user may run the demo as well; theirs are gone within the time. */
    @AfterEach
    void assertNothingIsLeft() {
        Eventually.assertThat(SOON, "no file of a run is left in " + Tmp.sharedDirectory(), () -> {
            TreeSet<String> now = demoFiles();
            now.removeAll(before);
            return now.isEmpty();
        });
    }

    /** Inputs of all kinds: each is counted by its bytes, a line that is longer than a piece is one item. */
    @Test
    void totals_agreeWithAnotherProgram() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(42).nextBytes(bytes);
        List<Path> files = new ArrayList<>(List.of(
                Files.writeString(tmp.path("prose.txt"), "To be, or\tnot  to be:\r\n\r\n that is\n".repeat(3000)),
                Files.writeString(tmp.path("a name with spaces ä.md"), "one two\nlast line without end"),
                Files.write(tmp.path("binary"), bytes),
                Files.writeString(tmp.path("long"), "word " + "x".repeat(100_000) + " word ".repeat(20_000))));
        for (String text : new String[] {"a b c\n", "", "\n", "one line", " \t\r\n \n\n"}) {
            files.add(Files.writeString(tmp.path("small " + files.size()), text));
        }
        files.add(files.get(0)); // named twice
        List<Object> arguments = new ArrayList<>(List.of("--producers", "2", "--consumers", "1", "--json"));
        arguments.addAll(files);
        JsonNode json = assertGood(pm(demo(arguments.toArray())), 2, 1, files.toArray(Path[]::new));
        assertTrue(json.get("items").longValue() > 18_000, json::toString);
        assertTrue(json.get("itemsPerSecond").longValue() > 0);
    }

    static List<Arguments> kills() {
        List<Arguments> all = List.of(
                Arguments.of("pipe", "producer"),
                Arguments.of("mapped", "consumer"),
                Arguments.of("fifo", "producer"),
                Arguments.of("unix", "producer"),
                Arguments.of("mapped", "producer"));
        return all.subList(0, Soak.scaled(all.size(), 2));
    }

    /** The parent is this JVM. */
    @ParameterizedTest
    @MethodSource("kills")
    @Scenario("channels/10")
    void channels_loseNothingToAKill(String transport, String role) throws Exception {
        Assumptions.assumeTrue(
                NativeLayer.available() || !List.of("pipe", "fifo").contains(transport), "needs the native layer");
        Path file = Files.writeString(tmp.path("text"), "one two three\n".repeat(3_000));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PmApp.useArchive();
        String line = "--log /dev/null demo --transport " + transport + " --producers 1 --consumers 1 --kill " + role
                + " --json --input " + file;
        assertEquals(0, App.run(Terminal.of(InputStream.nullInputStream(), out, System.err), line.split(" ")));
        JsonNode json = new ObjectMapper().readTree(out.toByteArray());
        assertEquals(3_000, json.get("items").longValue());
        assertEquals(9_000, json.get("words").longValue());
        assertEquals(0, json.get("lost").longValue());
        assertEquals(0, json.get("duplicated").longValue());
        assertEquals(role, json.get("killed").get(0).get("role").textValue());
        assertEquals(3, json.get("parties").size());
    }

    @Test
    void emptyFile_isCounted() throws Exception {
        Path file = Files.createFile(tmp.path("empty"));
        JsonNode json = pm(demo("--threads", "--json", file)).assertExit(0).json();
        assertEquals(0, json.get("items").longValue());
        assertEquals(0, json.get("lost").longValue());
    }

    @Test
    void withoutInput_theSourcesBelowHomeAreTaken() throws Exception {
        Path home = Files.createDirectories(tmp.path("home"));
        for (String name : new String[] {"a.java", "b/c.md", "b/d.txt", "target/e.java", ".git/f.md"}) {
            Files.createDirectories(home.resolve(name).getParent());
            Files.writeString(home.resolve(name), "some words\n");
        }
        JsonNode json = PmApp.of("demo", "--threads", "--json")
                .property("pm.home", home.toString())
                .run()
                .assertExit(0)
                .json();
        assertEquals(2, json.get("items").longValue());
        assertEquals(4, json.get("parties").size(), "two of each by default");
    }

    @Test
    void table_showsTotals() throws Exception {
        Path file = Files.writeString(tmp.path("text"), "a b\n".repeat(1000));
        Outcome outcome = pm(demo("--threads", "--producers", "1", "--consumers", "2", file))
                .assertExit(0);
        assertTrue(outcome.out().contains("lost 0, duplicated 0, redelivered 0"), outcome::toString);
        assertTrue(outcome.out().matches("(?s).*items +1000 +expected +1000\n.*"), outcome::toString);
        assertEquals("", outcome.err());
    }

    @Test
    void badInput_isOneLineAnd2() throws Exception {
        Path good = Files.writeString(tmp.path("good"), "a b\n");
        assertRefused(tmp.path("missing"), good, "no such file");
        assertRefused(tmp.directory(), good, "is a directory");
        assertRefused(Path.of("/dev/zero"), good, "is no regular file");
    }

    @ParameterizedTest
    @CsvSource({"producer, KILL, 137", "consumer, TERM, 143"})
    void partyThatDies_endsTheRun(String role, String signal, int exit) throws Exception {
        Path file = largeFile();
        try (Running demo = PmApp.of(slowDemo("--json", file)).start()) {
            long victim = awaitParties(demo, 2).stream()
                    .filter(party -> commandLine(party).contains(role))
                    .findFirst()
                    .orElseThrow()
                    .pid();
            new ProcessBuilder("kill", "-" + signal, Long.toString(victim))
                    .start()
                    .waitFor();
            Outcome outcome = demo.await().assertExit(1);
            assertEquals(1, outcome.err().lines().count(), outcome::toString);
            assertTrue(outcome.err().contains(role) && outcome.err().contains("pid " + victim), outcome::toString);
            JsonNode json = outcome.json();
            assertTrue(json.get("lost").longValue() > 0, outcome::toString);
            for (JsonNode party : json.get("parties")) {
                if (party.get("pid").longValue() == victim) {
                    assertEquals(exit, party.get("exit").intValue());
                }
            }
            assertNoParties(json);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void killedParty_isReplacedWithoutLoss(String role) throws Exception {
        Path file = Files.writeString(
                tmp.path("text"), ("a line with five words\n" + "x".repeat(600) + "\n").repeat(8_000));
        for (int round = 0; round < Soak.scaled(20, 1); round++) {
            Outcome outcome = pm(demo("--producers", "1", "--consumers", "1", "--kill", role, "--json", file));
            JsonNode json = outcome.assertExit(0).json();
            assertEquals(16_000, json.get("items").longValue());
            assertEquals(48_000, json.get("words").longValue());
            assertEquals(0, json.get("lost").longValue());
            assertEquals(0, json.get("duplicated").longValue());
            assertTrue(json.get("redelivered").longValue() <= 1, outcome::toString);
            assertEquals(1, json.get("killed").size());
            JsonNode killed = json.get("killed").get(0);
            assertEquals(role, killed.get("role").textValue());
            long at = killed.get("atItem").longValue();
            assertTrue(at >= 4_000 && at <= 12_000, outcome::toString);
            assertEquals(3, json.get("parties").size());
            for (JsonNode party : json.get("parties")) {
                boolean victim =
                        party.get("pid").longValue() == killed.get("pid").longValue();
                assertEquals(victim ? 137 : 0, party.get("exit").intValue());
            }
            assertNoParties(json);
            assertEquals("", outcome.err());
        }
    }

    @Test
    void kill_isRefusedWhereItCannotBe() throws Exception {
        Path file = Files.writeString(tmp.path("short"), "a b\n".repeat(99));
        assertTrue(
                pm(demo("--kill", "consumer", file)).assertExit(2).complaint().contains("too little input"));
        assertTrue(pm(demo("--kill", "consumer", "--threads", file))
                .assertExit(2)
                .complaint()
                .contains("--threads"));
        pm(demo("--kill", "parent", file)).assertExit(2);
        assertTrue(pm(demo("--kill", "consumer", "--transport", "fifo", file))
                .assertExit(2)
                .complaint()
                .contains("buffer or mapped"));
        pm(demo("--threads", "--transport", "mapped", file)).assertExit(2);
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "KILL, 137"})
    void parentThatIsSignalled_leavesNothing(String signal, int exit) throws Exception {
        Path file = largeFile();
        try (Running demo = PmApp.of(slowDemo(file)).asProcess().start()) {
            List<ProcessHandle> parties = awaitParties(demo, 2);
            demo.signal(signal);
            Outcome outcome = demo.await().assertExit(exit);
            assertEquals("", outcome.out(), outcome::toString);
            assertEquals("", outcome.err(), outcome::toString);
            Eventually.assertThat(SOON, "no party lives", () -> parties.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void fileThatChangesMeanwhile_isReported() throws Exception {
        Path file = largeFile();
        try (Running demo = PmApp.of(slowDemo("--json", file)).start()) {
            awaitParties(demo, 2);
            Files.writeString(file, "short\n");
            Outcome outcome = demo.await().assertExit(1);
            assertEquals(1, outcome.err().lines().count(), outcome::toString);
            outcome.json();
        }
    }

    private static void assertRefused(Path bad, Path good, String expected) {
        String complaint = pm(demo("--producers", "1", "--consumers", "1", "--json", good, bad))
                .assertExit(2)
                .complaint();
        assertTrue(complaint.contains(bad + ": " + expected), complaint);
    }

    private Path largeFile() throws IOException {
        return Files.writeString(tmp.path("large"), "some words on a line\n".repeat(100_000));
    }

    /** One producer and one consumer, which need more than a minute for {@link #largeFile}. */
    private static String[] slowDemo(Object... arguments) {
        List<Object> line = new ArrayList<>(List.of("--producers", "1", "--consumers", "1", "--produce-every", "1ms"));
        line.addAll(List.of(arguments));
        return demo(line.toArray());
    }

    private static String[] demo(Object... arguments) {
        List<String> line = new ArrayList<>(List.of("demo"));
        for (Object argument : arguments) {
            if (argument instanceof Path) {
                line.add("--input");
            }
            line.add(argument.toString());
        }
        return line.toArray(String[]::new);
    }

    private static JsonNode assertGood(Outcome outcome, int producers, int consumers, Path... files) throws Exception {
        JsonNode json = outcome.assertExit(0).json();
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of(
                        "items",
                        "words",
                        "lost",
                        "duplicated",
                        "redelivered",
                        "itemsPerSecond",
                        "expected",
                        "parties",
                        "killed"),
                names);
        long[] counted = countByPython(files);
        assertEquals(counted[0], json.get("items").longValue());
        assertEquals(counted[1], json.get("words").longValue());
        assertEquals(counted[0], json.get("expected").get("items").longValue());
        assertEquals(counted[1], json.get("expected").get("words").longValue());
        for (String none : new String[] {"lost", "duplicated", "redelivered"}) {
            assertEquals(0, json.get(none).longValue(), json::toString);
        }
        assertTrue(json.get("killed").isArray() && json.get("killed").isEmpty());
        assertParties(json, "producer", producers, counted[0]);
        assertParties(json, "consumer", consumers, counted[0]);
        assertEquals(producers + consumers, json.get("parties").size());
        assertNoParties(json);
        assertEquals("", outcome.err());
        return json;
    }

    private static void assertParties(JsonNode json, String role, int count, long items) {
        int parties = 0;
        long handled = 0;
        for (JsonNode party : json.get("parties")) {
            if (party.get("role").textValue().equals(role)) {
                parties++;
                handled += party.get("items").longValue();
                assertTrue(party.get("pid").longValue() > 1);
                assertTrue(party.get("waitedMillis").longValue() >= 0);
                assertEquals(0, party.get("exit").intValue());
            }
        }
        assertEquals(count, parties);
        assertEquals(items, handled);
    }

    private static void assertNoParties(JsonNode json) {
        for (JsonNode party : json.get("parties")) {
            long pid = party.get("pid").longValue();
            assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), party::toString);
        }
    }

    /** Lines and words by a program of another language. */
    private static long[] countByPython(Path... files) throws Exception {
        String program = """
                import re, sys
                items = words = 0
                for name in sys.argv[1:]:
                    lines = open(name, 'rb').read().split(b'\\n')
                    items += len(lines) - (lines[-1] == b'')
                    words += sum(1 for line in lines for word in re.split(rb'[ \\t\\r]+', line) if word)
                print(items, words)
                """;
        List<String> line = new ArrayList<>(List.of("python3", "-c", program));
        for (Path file : files) {
            line.add(file.toString());
        }
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] counts = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split(" ");
        assertEquals(0, process.waitFor());
        return new long[] {Long.parseLong(counts[0]), Long.parseLong(counts[1])};
    }

    /** Waits until all parties have the shared region open, and then begin their work. */
    private static List<ProcessHandle> awaitParties(Running demo, int count) {
        ProcessHandle parent = ProcessHandle.of(demo.pid()).orElseThrow();
        Eventually.assertThat(SOON, count + " parties", () -> parent.children().count() == count);
        List<ProcessHandle> parties = parent.children().toList();
        Eventually.assertThat(SOON, "all have the region open", () -> parties.stream()
                .allMatch(party -> content(party, "maps").contains("/demo-")));
        return parties;
    }

    private static String commandLine(ProcessHandle process) {
        return content(process, "cmdline");
    }

    /** Returns what the kernel says of a process; empty if it is gone. */
    private static String content(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/" + file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static TreeSet<String> demoFiles() {
        TreeSet<String> names = new TreeSet<>();
        if (!Files.isDirectory(Tmp.sharedDirectory())) {
            return names;
        }
        try (Stream<Path> files = Files.list(Tmp.sharedDirectory())) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("demo-"))
                    .forEach(names::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
