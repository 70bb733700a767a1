package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Starting: what arrives at the program, and what happens when there is nothing to start. */
abstract class LaunchContract extends LauncherContract {
    @Test
    @Scenario("process/12")
    @Scenario("research-process/17")
    void arguments_arriveVerbatim() throws Exception {
        List<String> awkward = new ArrayList<>(List.of(
                "",
                "a b",
                "\"q\"",
                "'",
                "*",
                "$HOME",
                "-n",
                "--",
                "\\n",
                "tab\there",
                "line\nend",
                "x".repeat(100_000)));
        if (passesAnyCharacter()) {
            awkward.add("日本語 \uD83D\uDE00 é");
        }
        ProcessResult result = pm.command("printf", "%s\\0")
                .args(awkward.toArray(String[]::new))
                .charset(StandardCharsets.UTF_8)
                .run();
        assertEquals(awkward, splitAtNul(result.stdoutText()));
    }

    @Test
    @Scenario("process/12")
    void environmentKeys_arriveVerbatim() throws Exception {
        String value = passesAnyCharacter() ? "é=\n2" : "=\n2";
        ProcessResult result = pm.command("env", "-0")
                .env("spring.x-y", "1")
                .env("with space", value)
                .env("EMPTY", "")
                .withoutEnv("HOME")
                .charset(StandardCharsets.UTF_8)
                .run();
        Map<String, String> seen = environment(result);
        assertEquals("1", seen.get("spring.x-y"));
        assertEquals(value, seen.get("with space"));
        assertEquals("", seen.get("EMPTY"));
        assertFalse(seen.containsKey("HOME"));
        assertEquals(System.getenv("PATH"), seen.get("PATH"));
    }

    @Test
    void missingProgram_isReportedWithThePath() {
        LaunchException missing = LaunchFailures.assertFails(
                LaunchException.Reason.NOT_FOUND, () -> pm.command("sleeep").run());
        assertTrue(missing.getMessage().contains(System.getenv("PATH")), missing::getMessage);
    }

    @Test
    @Scenario("research-process/19")
    void clearEnv_leavesWhatWasSetAfterwards() throws Exception {
        ProcessResult result = pm.command("env", "-0")
                .env("GONE", "1")
                .clearEnv()
                .env("ONLY", "this")
                .run();
        Map<String, String> seen = environment(result);
        assertEquals(Map.of("ONLY", "this"), seen);
    }

    @Test
    @Scenario("research-process/19")
    void program_isLookedForInThePathOfTheChild() throws Exception {
        Path directory = Files.createDirectory(tmp.path("bin"));
        script(directory.resolve("only-here"), "#!/bin/sh\necho found");
        assertEquals(
                "found\n",
                pm.command("only-here").env("PATH", directory.toString()).run().stdoutText());
        LaunchException missing = LaunchFailures.assertFails(
                LaunchException.Reason.NOT_FOUND,
                () -> pm.command("only-here").env("PATH", "/no/such/directory").run());
        assertTrue(missing.getMessage().contains("/no/such/directory"), missing::getMessage);
    }

    @Test
    @Scenario("research-process/19")
    void relativeProgram_startsFromTheDirectoryOfTheChild() throws Exception {
        Path directory = Files.createDirectory(tmp.path("project"));
        script(directory.resolve("build"), "#!/bin/sh\npwd -P");
        String where = directory.toRealPath() + "\n";
        assertEquals(where, pm.command("./build").directory(directory).run().stdoutText());
        assertEquals(
                where,
                pm.command("build")
                        .env("PATH", "nowhere:.")
                        .directory(directory)
                        .run()
                        .stdoutText());
        LaunchFailures.assertFails(
                LaunchException.Reason.NOT_FOUND, () -> pm.command("./build").run());
    }

    @Test
    @Scenario("research-process/19")
    void relativePathElements_areInTheChildsDirectory() throws Exception {
        Path project = Files.createDirectory(tmp.path("project"));
        script(project.resolve("build"), "#!/bin/sh\necho build in $(pwd -P)");
        Path tools = Files.createDirectory(project.resolve("tools"));
        script(tools.resolve("helper"), "#!/bin/sh\necho helper in $(pwd -P)");
        String where = " in " + project.toRealPath() + "\n";
        for (String path : List.of("", ":", ":/nowhere", "/nowhere:", "/nowhere::/usr/bin:/bin", "./", "../project")) {
            String found = pm.command("build")
                    .env("PATH", path.contains("/bin") ? path : path + ":/usr/bin:/bin")
                    .directory(project)
                    .run()
                    .stdoutText();
            assertEquals("build" + where, found, path);
        }
        for (String path : List.of("tools", "nowhere:tools:/usr/bin", "./tools/", "tools/../tools")) {
            String found = pm.command("helper")
                    .env("PATH", path)
                    .directory(project)
                    .run()
                    .stdoutText();
            assertEquals("helper" + where, found, path);
        }
        LaunchException missing =
                LaunchFailures.assertFails(LaunchException.Reason.NOT_FOUND, () -> pm.command("helper")
                        .env("PATH", ":tools")
                        .directory(tmp.directory())
                        .run());
        assertTrue(missing.getMessage().contains("PATH :tools"), missing::getMessage);
    }

    /** Runs the program "here" by each of the paths it is given, and prints what that says. */
    static final class FromHere {
        private FromHere() {}

        public static void main(String[] paths) throws Exception {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            for (String path : paths) {
                out.print(Command.of("here").env("PATH", path).run().stdoutText());
            }
            if (!"off".equals(System.getProperty("org.processmanager.native"))) {
                out.print(Command.of("here")
                        .env("PATH", paths[0])
                        .limits(l -> l.openFiles(64))
                        .run()
                        .stdoutText());
            }
        }
    }

    @Test
    @Scenario("research-process/19")
    void relativePathElements_areInTheJvmsDirectory() throws Exception {
        Path directory = Files.createDirectory(tmp.path("directory"));
        script(directory.resolve("here"), "#!/bin/sh\necho right");
        Path other = Files.createDirectory(directory.resolve("other"));
        script(other.resolve("here"), "#!/bin/sh\necho other");
        Path wrong = Files.createDirectory(tmp.path("wrong"));
        script(wrong.resolve("here"), "#!/bin/sh\necho wrong");
        JavaOptions options = JavaOptions.none().option("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        String said = pm.java(FromHere.class, isPosix() ? options : options.property(NativeLayer.PROPERTY, "off"))
                .args("", ":" + wrong, "/nowhere::" + wrong, ".:" + wrong, "other:" + wrong)
                .env("PATH", wrong.toString())
                .directory(directory)
                .run()
                .stdoutText();
        assertEquals("right\nright\nright\nright\nother\n" + (isPosix() ? "right\n" : ""), said);
    }

    @Test
    @Scenario("process/10")
    @Scenario("research-process/15")
    void failedLaunches_areTypedAndLeaveNothing() throws Exception {
        Path text = Files.writeString(tmp.path("text"), "echo never\n");
        Path noInterpreter = script(tmp.path("no-interpreter"), "#!/no/such/interpreter\n");
        Path withoutShebang = script(tmp.path("without-shebang"), "echo never\n");
        Path directory = Files.createDirectory(tmp.path("directory"));
        int rounds = Soak.scaled(1000, 20);
        for (int i = 0; i < rounds; i++) {
            LaunchFailures.assertFails(LaunchException.Reason.NOT_FOUND, () -> pm.command("no-such-program")
                    .run());
            LaunchFailures.assertFails(LaunchException.Reason.NOT_FOUND, () -> pm.command("/no/such/program")
                    .start());
            for (Path file : List.of(text, noInterpreter, withoutShebang, directory)) {
                LaunchFailures.assertFails(
                        LaunchException.Reason.NOT_EXECUTABLE,
                        () -> pm.command(file.toString()).run(),
                        file.toString());
            }
            LaunchFailures.assertFails(
                    LaunchException.Reason.BAD_DIRECTORY,
                    () -> pm.command("true").directory(text).run());
            LaunchFailures.assertFails(
                    LaunchException.Reason.BAD_DIRECTORY,
                    () -> pm.command("true").directory(tmp.path("missing")).run());
            LaunchFailures.assertFails(
                    LaunchException.Reason.BAD_STREAM_FILE,
                    () -> pm.command("true").stdout(Output.toFile(directory)).run());
            LaunchFailures.assertFails(LaunchException.Reason.BAD_STREAM_FILE, () -> pm.command("true")
                    .stdin(Input.of(tmp.path("missing")))
                    .run());
        }
        assertEquals(List.of(), pm.processes());
    }

    /** A shell would find lines of its own in each of them. */
    @Test
    @Scenario("research-process/15")
    void unexecutableFiles_areGivenToNoShell() throws Exception {
        Path trace = tmp.path("trace");
        byte[] line = ("\necho ran >" + trace + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] own = Files.readAllBytes(Path.of("/proc/self/exe"));
        byte[] foreign = Arrays.copyOf(own, 64 + line.length);
        foreign[18] ^= (byte) 0xff; // the machine
        byte[] object = Arrays.copyOf(own, 64 + line.length);
        object[16] = 1; // the type
        byte[] noProgram = new byte[64 + line.length];
        Map<String, byte[]> contents = new TreeMap<>(
                Map.of("foreign", foreign, "object", object, "zeros", noProgram, "text", line, "empty", new byte[0]));
        contents.put("short", Arrays.copyOf(foreign, 19));
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            byte[] bytes = content.getValue();
            if (bytes.length > line.length) {
                System.arraycopy(line, 0, bytes, 64, line.length);
            }
            Path file = Files.write(tmp.path(content.getKey()), bytes);
            assertTrue(file.toFile().setExecutable(true));
            LaunchException refused = LaunchFailures.assertFails(
                    LaunchException.Reason.NOT_EXECUTABLE,
                    () -> pm.command(file.toString()).run(),
                    content.getKey());
            assertTrue(refused.getMessage().contains("ENOEXEC"), refused::getMessage);
        }
        assertFalse(Files.exists(trace));
    }

    @Test
    @Scenario("research-process/17")
    void argumentsBeyondTheLimit_areTyped() {
        LaunchException tooLong = LaunchFailures.assertFails(
                LaunchException.Reason.ARGUMENTS_TOO_LONG,
                () -> pm.command("true", "x".repeat(200_000)).run());
        assertTrue(tooLong.getMessage().contains("standard input"), tooLong::getMessage);
    }

    @Test
    @Scenario("process/10")
    void fifosAndDirectories_areRefusedAsFiles() throws Exception {
        Path fifo = tmp.path("fifo");
        pm.command("mkfifo", "-m", "777", fifo.toString()).run();
        Command asProgram = pm.command(fifo.toString());
        assertRefused(LaunchException.Reason.NOT_EXECUTABLE, "no regular file", asProgram);
        assertRefused(
                LaunchException.Reason.BAD_STREAM_FILE,
                "FIFO",
                pm.command("cat").stdin(Input.of(fifo)));
        Command toFifo = pm.command("echo").stdout(Output.toFile(fifo));
        assertRefused(LaunchException.Reason.BAD_STREAM_FILE, fifo.toString(), toFifo);
        Command errorsToFifo = pm.command("echo").stderr(Output.appendTo(fifo));
        assertRefused(LaunchException.Reason.BAD_STREAM_FILE, fifo.toString(), errorsToFifo);
        Command fromFolder =
                pm.command("cat").stdin(Input.of(fifo.toAbsolutePath().getParent()));
        assertRefused(LaunchException.Reason.BAD_STREAM_FILE, "directory", fromFolder);
    }

    /** In another thread, so that one that waits for the other end of a FIFO is found and not joined. */
    private static void assertRefused(LaunchException.Reason reason, String text, Command command) throws Exception {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Thread starter = new Thread(() -> {
            try {
                outcome.complete(command.run());
            } catch (Throwable e) {
                outcome.complete(e);
            }
        });
        starter.setDaemon(true);
        starter.start();
        LaunchException refused =
                assertInstanceOf(LaunchException.class, outcome.get(LONG.toSeconds(), TimeUnit.SECONDS));
        assertEquals(reason, refused.reason(), refused::getMessage);
        assertTrue(refused.getMessage().contains(text), refused::getMessage);
    }

    @Test
    @Scenario("process/8")
    @Scenario("research-process/12")
    void differentEnds_stayDifferent() throws Exception {
        List<ExitStatus> ends = new ArrayList<>();
        for (String script : List.of("exit 9", "exit 127", "exit 137", "kill -9 $$", "kill -TERM $$")) {
            ends.add(sh(script).acceptAnyExit().run().status());
        }
        if (isPosix()) {
            assertEquals(
                    List.of(
                            new ExitStatus.Exited(9),
                            new ExitStatus.Exited(127),
                            new ExitStatus.Exited(137),
                            new ExitStatus.Signaled(Signal.KILL, false),
                            new ExitStatus.Signaled(Signal.TERM, false)),
                    ends);
        } else {
            assertEquals(new ExitStatus.Exited(137), ends.get(3), "the JDK does not distinguish");
        }
        LaunchFailures.assertFails(LaunchException.Reason.NOT_FOUND, () -> pm.command("missing-program")
                .run());
    }

    @Test
    void run_throwsUnlessTheExitIsAccepted() throws Exception {
        Command seven = sh("echo out; echo err >&2; exit 7");
        ProcessFailedException failure = assertThrows(ProcessFailedException.class, seven::run);
        assertEquals(new ExitStatus.Exited(7), failure.result().status());
        assertEquals(EndReason.OWN_EXIT, failure.result().endReason());
        for (String part : List.of("exit 7", "exit code 7", "out", "err")) {
            assertTrue(failure.getMessage().contains(part), failure::getMessage);
        }
        assertTrue(seven.acceptExitCodes(0, 7).run().status().isExit(7));
        assertThrows(
                ProcessFailedException.class, () -> seven.acceptExitCodes(0, 8).run());
    }

    @Test
    void result_hasDurationAndUsage() throws Exception {
        ProcessResult result =
                sh("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done").run();
        assertTrue(result.duration().toNanos() > 0);
        if (isPosix()) {
            ResourceUsage usage = result.usage().orElseThrow();
            assertTrue(usage.user().plus(usage.system()).toNanos() > 0, usage::toString);
            assertTrue(usage.maxResidentBytes() > 0, usage::toString);
        }
    }

    @Test
    void programBeingWritten_isStartedOnceItIsFree() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), tmp.path("busy"));
        assertTrue(program.toFile().setExecutable(true));
        assertStartsOnceFree(program, pm.command(program.toString()));
    }

    @Test
    void programBusyForever_failsTheLaunch() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), tmp.path("busy"));
        assertTrue(program.toFile().setExecutable(true));
        try (OutputStream writer = Files.newOutputStream(program, java.nio.file.StandardOpenOption.APPEND)) {
            LaunchException busy = assertThrows(
                    LaunchException.class, () -> pm.command(program.toString()).run());
            assertTrue(busy.getMessage().contains("busy"), busy::getMessage);
            writer.flush();
        }
    }

    @Test
    @Scenario("process/15")
    @Scenario("research-process/21")
    void childrenStartedTogether_doNotHoldEachOthersPipes() throws Exception {
        int pairs = Soak.scaled(100, 10);
        ExecutorService starters = Executors.newFixedThreadPool(4);
        try {
            List<Callable<ManagedProcess>> starts = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                starts.add(() -> pm.command("cat").stdin(Input.pipe()).start());
                starts.add(() -> pm.command("sleep", "60")
                        .stdin(Input.pipe())
                        .stopPolicy(StopPolicy.immediateKill())
                        .start());
            }
            List<ManagedProcess> cats = new ArrayList<>();
            for (Future<ManagedProcess> started : starters.invokeAll(starts)) {
                if (started.get().name().equals("cat")) {
                    cats.add(started.get());
                }
            }
            for (ManagedProcess cat : cats) {
                cat.stdin().write("x".getBytes(StandardCharsets.UTF_8));
                cat.stdin().close();
                ProcessResult result = cat.await(LONG).orElseThrow(() -> new AssertionError("no end of file: " + cat));
                assertEquals("x", result.stdoutText());
            }
        } finally {
            starters.shutdownNow();
        }
    }

    @Test
    void run_fromManyThreadsAtOnce() throws Exception {
        int threads = 16;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < Soak.scaled(2000, 50); i++) {
                String text = "call " + i;
                calls.add(() -> pm.command("echo", "-n", text).run().stdoutText());
            }
            List<String> got = new ArrayList<>();
            for (Future<String> call : pool.invokeAll(calls)) {
                got.add(call.get());
            }
            for (int i = 0; i < got.size(); i++) {
                assertEquals("call " + i, got.get(i));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void closedManager_startsNothing() {
        ProcessManager own = new ProcessManager(launcher);
        own.close();
        own.close();
        assertThrows(IllegalStateException.class, () -> own.command("true").run());
        assertThrows(IllegalStateException.class, () -> own.command("true").start());
    }

    @Test
    void pipeAsInputOfRun_isRefused() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> pm.command("cat").stdin(Input.pipe()).run());
        assertTrue(refused.getMessage().contains("start()"), refused::getMessage);
        assertInstanceOf(IllegalStateException.class, assertThrows(IllegalStateException.class, () -> pm.command("true")
                .start()
                .stdin()));
    }

    private static Path script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private static Map<String, String> environment(ProcessResult result) {
        return splitAtNul(result.stdoutText()).stream()
                .collect(Collectors.toMap(
                        entry -> entry.substring(0, entry.indexOf('=')),
                        entry -> entry.substring(entry.indexOf('=') + 1),
                        (first, second) -> second,
                        TreeMap::new));
    }

    private static List<String> splitAtNul(String text) {
        List<String> parts = new ArrayList<>(Arrays.asList(text.split("\0", -1)));
        assertArrayEquals(new String[] {""}, new String[] {parts.remove(parts.size() - 1)});
        return parts;
    }

    @Test
    @Scenario("public-launch/3")
    void pwd_followsTheDirectory() throws Exception {
        Path directory = Files.createDirectories(tmp.path("a/b"));
        Path link = Files.createSymbolicLink(tmp.path("link"), directory);
        assertEquals(directory.toString(), pwd(pm.command("printenv", "PWD").directory(directory)));
        assertEquals(link.toString(), pwd(pm.command("printenv", "PWD").directory(link + "/.")));
        assertEquals(
                directory.getParent().toRealPath().toString(),
                pwd(pm.command("printenv", "PWD").directory(link.resolve(".."))));
        Path here = Path.of("/proc/self/cwd").toRealPath();
        Path relative = here.relativize(directory.toRealPath());
        assertEquals(
                directory.toRealPath().toString(),
                pwd(pm.command("printenv", "PWD").directory(relative)));
        if (isPosix()) {
            assertEquals(
                    directory.toString(),
                    pwd(pm.command("printenv", "PWD").directory(directory).dieWithParent()));
        }
        Command command = pm.command("printenv", "PWD").directory(directory);
        assertEquals("mine", pwd(command.env("PWD", "mine")));
        assertEquals("", pwd(command.withoutEnv("PWD")));
        assertEquals("", pwd(command.clearEnv()));
    }

    private static String pwd(Command command) throws Exception {
        return command.acceptAnyExit().run().stdoutText().strip();
    }

    @Test
    @Scenario("public-launch/4")
    void startEventPlusDuration_isTheEndEvent() throws Exception {
        List<ProcessEvent> events = new CopyOnWriteArrayList<>();
        Instant before = Instant.now();
        ProcessResult result = sh("exit 0").listener(events::add).run();
        Instant after = Instant.now();
        pm.close(); // after the last event
        ProcessEvent.ProcessStarted started = (ProcessEvent.ProcessStarted) events.get(0);
        ProcessEvent.ProcessEnded ended = (ProcessEvent.ProcessEnded) events.get(1);
        assertEquals(ended.time(), started.time().plus(result.duration()));
        assertEquals(ended.duration(), result.duration());
        // The two clocks of the JVM may differ a little.
        assertTrue(started.time().isAfter(before.minusMillis(20)), events::toString);
        assertTrue(ended.time().isBefore(after.plusMillis(20)), events::toString);
    }

    /** On the way back from a stack overflow, each call has a little more stack than the one before. */
    @Test
    @Scenario("public-platform/2")
    void startNearStackOverflow_losesNoProcess() throws Exception {
        sh("exit 0").run();
        int rounds = Soak.scaled(3, 1);
        int refused = 0;
        int started = 0;
        for (int round = 0; round < rounds; round++) {
            Dive dive = new Dive(pm.command("sleep", "71.25"));
            Thread thread = new Thread(null, dive, "deep", 300 * 1024);
            thread.start();
            thread.join();
            refused += dive.refused;
            started += dive.started;
        }
        assertTrue(refused > 0, "no start was refused");
        assertEquals(3 * rounds, started);
        assertEquals(3 * rounds, pm.processes().size());
        assertEquals(3 * rounds, sleeping());
        for (ManagedProcess process : pm.processes()) {
            process.kill();
        }
        assertEquals(0, sleeping());
        assertEquals("hi\n", sh("echo hi").run().stdoutText());
    }

    private static long sleeping() {
        return ProcessHandle.current()
                .children()
                .filter(child ->
                        List.of(child.info().arguments().orElse(new String[0])).contains("71.25"))
                .count();
    }

    private static final class Dive implements Runnable {
        private final Command command;
        int started;
        int refused;

        Dive(Command command) {
            this.command = command;
        }

        @Override
        public void run() {
            try {
                run();
            } catch (StackOverflowError e) {
                // the bottom
            }
            try {
                if (started < 3) {
                    command.start();
                    started++;
                }
            } catch (StackOverflowError e) {
                refused++;
            }
        }
    }
}
