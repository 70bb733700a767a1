package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;

/** Limits, priorities, users and groups: that the program has them, and nothing else is changed by the way it got them. */
abstract class AttributesContract extends LauncherContract {
    /** Not a constant: the portable path must not load the native layer. */
    private static boolean isRoot() {
        return org.processmanager.core.internal.posix.Files.effectiveUserId() == 0;
    }

    private static void assumeRoot() {
        Assumptions.assumeTrue(isRoot(), "changes users, which the superuser alone may");
    }

    /** A command through every program on the way that this user may go through. */
    private Command throughEverything(Command command) {
        Command limited =
                command.limits(l -> l.openFiles(500).coreDump(0)).umask(027).nice(5);
        return isRoot() ? limited.user("nobody") : limited;
    }

    // ---- argv[0]

    @Test
    void argv0_isWhatTheProgramSees() throws Exception {
        String line =
                pm.command("cat", "/proc/self/cmdline").argv0("other").run().stdoutText();
        assertEquals("other\0/proc/self/cmdline\0", line);
    }

    @Test
    void argv0_behindWrappers_isRefused() {
        Command limited = pm.command("cat").argv0("other").limits(l -> l.openFiles(64));
        LaunchException refused = LaunchFailures.assertFails(LaunchException.Reason.ATTRIBUTE_REFUSED, limited::run);
        assertTrue(refused.getMessage().startsWith("cannot start cat as other: "), refused::getMessage);
    }

    // ---- limits

    @Test
    void limits_areThoseOfTheProgram() throws Exception {
        String limits = pm.command("cat", "/proc/self/limits")
                .limits(l -> l.openFiles(64)
                        .cpuTime(Duration.ofMillis(90_500), Duration.ofSeconds(100))
                        .memory(1L << 32)
                        .data(1L << 31)
                        .stack(1L << 20, 1L << 21)
                        .fileSize(5_000_000)
                        .coreDump(0)
                        .processes(100)
                        .lockedMemory(4096)
                        .pendingSignals(77)
                        .messageQueues(8000)
                        .niceness(20)
                        .realTimePriority(0)
                        .realTimeCpu(Duration.ofMillis(3)))
                .run()
                .stdoutText();
        assertLimit(limits, "Max open files", "64", "64");
        assertLimit(limits, "Max cpu time", "91", "100");
        assertLimit(limits, "Max address space", "4294967296", "4294967296");
        assertLimit(limits, "Max data size", "2147483648", "2147483648");
        assertLimit(limits, "Max stack size", "1048576", "2097152");
        assertLimit(limits, "Max file size", "5000000", "5000000");
        assertLimit(limits, "Max core file size", "0", "0");
        assertLimit(limits, "Max processes", "100", "100");
        assertLimit(limits, "Max locked memory", "4096", "4096");
        assertLimit(limits, "Max pending signals", "77", "77");
        assertLimit(limits, "Max msgqueue size", "8000", "8000");
        assertLimit(limits, "Max nice priority", "0", "0");
        assertLimit(limits, "Max realtime priority", "0", "0");
        assertLimit(limits, "Max realtime timeout", "3000", "3000");
    }

    @Test
    void limits_startFromThoseOfTheCommand() throws Exception {
        String limits = pm.command("cat", "/proc/self/limits")
                .limits(l -> l.openFiles(64))
                .limits(l -> l.coreDump(0, ResourceLimits.UNLIMITED).openFiles(65))
                .run()
                .stdoutText();
        assertLimit(limits, "Max open files", "65", "65");
        assertLimit(limits, "Max core file size", "0", "unlimited");
    }

    @Test
    void limits_leaveTheJvmItsOwn() throws Exception {
        String before = Files.readString(Path.of("/proc/self/limits"));
        pm.command("true")
                .limits(l -> l.openFiles(10).fileSize(0))
                .umask(0777)
                .nice(19)
                .run();
        assertEquals(before, Files.readString(Path.of("/proc/self/limits")));
        assertEquals(
                Files.readString(Path.of("/proc/self/limits")).lines().toList(),
                pm.command("cat", "/proc/self/limits")
                        .run()
                        .stdoutText()
                        .lines()
                        .toList());
    }

    @Test
    void cpuTime_endsTheProgram() throws Exception {
        ProcessResult result = sh("while :; do :; done")
                .limits(l -> l.cpuTime(Duration.ofMillis(100)))
                .timeout(LONG.multipliedBy(4)) // a second of its own may take long where others work
                .acceptAnyExit()
                .run();
        assertEquals(new ExitStatus.Signaled(Signal.KILL, false), result.status(), result::toString);
        assertEquals(EndReason.OWN_EXIT, result.endReason());
    }

    @Test
    void limitAboveHardLimit_needsPrivilege() throws Exception {
        long hard = hardLimitOfOpenFiles();
        Path trace = tmp.path("trace");
        Command more = pm.command("touch", trace.toString()).limits(l -> l.openFiles(hard + 1));
        try {
            more.run();
            assertTrue(Files.exists(trace));
        } catch (LaunchException refused) {
            assertEquals(LaunchException.Reason.LIMIT_REFUSED, refused.reason(), refused::getMessage);
            for (String part : List.of("open files", Long.toString(hard + 1), Long.toString(hard))) {
                assertTrue(refused.getMessage().contains(part), refused::getMessage);
            }
            assertFalse(Files.exists(trace));
        }
    }

    @Test
    void limitsTooLow_failLaunchOrProgram() throws Exception {
        Command tiny = throughEverything(pm.command("cat", "/proc/self/limits")).limits(l -> l.memory(4096));
        try {
            ProcessResult result = tiny.acceptAnyExit().run();
            assertFalse(result.status().isExit(0), result::toString);
        } catch (LaunchException e) {
            Set<LaunchException.Reason> expected =
                    Set.of(LaunchException.Reason.LIMIT_REFUSED, LaunchException.Reason.NOT_EXECUTABLE);
            assertTrue(expected.contains(e.reason()), e::toString);
            assertTrue(e.getMessage().contains("limits"), e::getMessage);
        }
    }

    @Test
    void argumentsBeyondTheNewStack_areTyped() throws Exception {
        String[] many = new String[60];
        Arrays.fill(many, "x".repeat(10_000));
        Command command = pm.command("true", many);
        command.limits(l -> l.stack(8 << 20)).run();
        LaunchException tooLong = LaunchFailures.assertFails(
                LaunchException.Reason.ARGUMENTS_TOO_LONG,
                () -> command.limits(l -> l.stack(1 << 20)).run());
        assertTrue(tooLong.getMessage().contains("262144"), tooLong::getMessage);
    }

    @Test
    void foreignBinary_behindWrappers_isNoScript() throws Exception {
        byte[] elf = new byte[200];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, elf, 0, 7);
        elf[18] = (byte) 0xf3; // RISC-V
        byte[] script = "\nsleep 20\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(script, 0, elf, 64, script.length);
        for (byte[] content : List.of(elf, Arrays.copyOf(elf, 30))) {
            Path file = Files.write(tmp.path("foreign" + content.length), content);
            assertTrue(file.toFile().setExecutable(true));
            Command command = pm.command(file.toString());
            for (Command each : List.of(command, command.limits(l -> l.openFiles(64)))) {
                LaunchException refused = LaunchFailures.assertFails(LaunchException.Reason.NOT_EXECUTABLE, each::run);
                assertTrue(refused.getMessage().contains("ENOEXEC"), refused::getMessage);
            }
        }
    }

    // ---- what a thread hands on

    @Test
    void umask_isThatOfTheProgramAlone() throws Exception {
        String own = sh("umask").run().stdoutText();
        assertEquals("0027\n", sh("umask").umask(027).run().stdoutText());
        assertEquals("0000\n", sh("umask").umask(0).run().stdoutText());
        assertEquals(own, sh("umask").run().stdoutText());
    }

    @Test
    void priorities_areThoseOfTheProgramAlone() throws Exception {
        Command nice = pm.command("nice");
        String own = nice.run().stdoutText();
        assertEquals("19\n", nice.nice(19).run().stdoutText());
        assertEquals(own, nice.run().stdoutText());
        Command ionice = pm.command("ionice");
        assertEquals("idle\n", ionice.ioNice(IoPriority.idle()).run().stdoutText());
        assertEquals(
                "best-effort: prio 7\n",
                ionice.ioNice(IoPriority.bestEffort(7)).run().stdoutText());
        if (isRoot()) {
            assertEquals(
                    "realtime: prio 2\n",
                    ionice.ioNice(IoPriority.realTime(2)).run().stdoutText());
            assertEquals("-3\n", nice.nice(-3).run().stdoutText());
        }
        assertNotEquals("idle\n", ionice.run().stdoutText());
    }

    @Test
    void affinity_isThatOfTheProgramAlone() throws Exception {
        Command show = pm.command("grep", "Cpus_allowed_list", "/proc/self/status");
        String all = show.run().stdoutText();
        String first = all.replaceAll("\\D+", " ").strip().split(" ")[0];
        assertEquals(
                "Cpus_allowed_list:\t" + first + "\n",
                show.affinity(Integer.parseInt(first)).run().stdoutText());
        assertEquals(all, show.run().stdoutText());
        for (int[] missing : new int[][] {{4095}, {Integer.parseInt(first), 4095}}) {
            LaunchException refused =
                    LaunchFailures.assertFails(LaunchException.Reason.ATTRIBUTE_REFUSED, () -> show.affinity(missing)
                            .run());
            assertTrue(refused.getMessage().contains("4095"), refused::getMessage);
        }
    }

    // ---- users and groups

    @Test
    void user_bringsItsGroupsAndItsEnvironment() throws Exception {
        assumeRoot();
        Command asNobody = sh("id -un; id -gn; id -G; echo $HOME $USER $LOGNAME $SHELL $KEPT")
                .env("KEPT", "kept")
                .user("nobody");
        String entry =
                pm.command("getent", "passwd", "nobody").run().stdoutText().strip();
        String[] fields = entry.split(":");
        String ids = pm.command("id", "-gn", "nobody").run().stdoutText()
                + pm.command("id", "-G", "nobody").run().stdoutText();
        assertEquals(
                "nobody\n" + ids + fields[5] + " nobody nobody " + fields[6] + " kept\n",
                asNobody.run().stdoutText());
        assertEquals(asNobody.run().stdoutText(), asNobody.user(fields[2]).run().stdoutText());
        assertEquals(
                "/here x",
                sh("printf '%s %s' $HOME $USER")
                        .user("nobody")
                        .env("HOME", "/here")
                        .env("USER", "x")
                        .run()
                        .stdoutText());
        assertEquals(
                "none",
                sh("printf %s ${HOME-none}")
                        .user("nobody")
                        .withoutEnv("HOME")
                        .run()
                        .stdoutText());
        assertEquals(
                "none",
                sh("printf %s ${LOGNAME-none}").clearEnv().user("nobody").run().stdoutText());
    }

    @Test
    void groups_areThoseThatWereGiven() throws Exception {
        assumeRoot();
        Command ids = sh("id -u; id -g; id -G");
        assertEquals("12345\n7\n7\n", ids.user("12345").group("7").run().stdoutText());
        assertEquals(
                "12345\n7\n7 8 9\n",
                ids.user("12345").group("7").supplementaryGroups("9", "8").run().stdoutText());
        assertEquals("0\n0\n0\n", ids.supplementaryGroups().run().stdoutText());
        assertEquals(
                "0\n65534", sh("id -u; printf %s $(id -g)").group("65534").run().stdoutText());
        String root = pm.command("id", "-G").run().stdoutText();
        assertEquals("0\n0\n" + root, ids.user("root").run().stdoutText());
    }

    @Test
    void unknownUserOrGroup_isTypedAndStartsNothing() {
        Path trace = tmp.path("trace");
        Command touch = pm.command("touch", trace.toString());
        for (Command command : List.of(
                touch.user("no-such-user"),
                touch.group("no-such-group"),
                touch.supplementaryGroups("0", "no-such-group"),
                touch.user("3999999999"),
                touch.user("99999999999"),
                touch.group("4294967295"))) {
            LaunchException unknown = LaunchFailures.assertFails(LaunchException.Reason.UNKNOWN_USER, command::run);
            assertTrue(unknown.getMessage().contains("cannot start touch"), unknown::getMessage);
        }
        assertFalse(Files.exists(trace));
        assertEquals(List.of(), pm.processes());
    }

    // ---- how it gets there

    @Test
    @Scenario("process/12")
    void arguments_behindWrappers_arriveVerbatim() throws Exception {
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
        awkward.add("日本語 \uD83D\uDE00 é");
        awkward.add("--nofile=3");
        awkward.add("A=b");
        ProcessResult result = throughEverything(pm.command("printf", "%s\\0"))
                .args(awkward.toArray(String[]::new))
                .charset(StandardCharsets.UTF_8)
                .run();
        assertEquals(awkward, splitAtNul(result.stdoutText()));
    }

    @Test
    @Scenario("process/12")
    void environment_behindWrappers_arrivesVerbatim() throws Exception {
        Command env = pm.command("env", "-0")
                .env("spring.x-y", "1")
                .env("with space", "é=\n2")
                .env("EMPTY", "")
                .env("IFS", "-")
                .env("PWD", "/not/here")
                .env("OPTIND", "7")
                .withoutEnv("OLDPWD")
                .withoutEnv("SHLVL")
                .charset(StandardCharsets.UTF_8);
        Map<String, String> direct = environment(env.run());
        Map<String, String> through = environment(throughEverything(env).run());
        for (String ofUser : List.of("HOME", "USER", "LOGNAME", "SHELL")) {
            direct.remove(ofUser);
            through.remove(ofUser);
        }
        assertEquals(direct, through);
    }

    @Test
    @Scenario("process/13")
    @Scenario("research-process/22")
    void program_seesNoDescriptorOfWrappers() throws Exception {
        assertEquals(
                "0\n1\n2\n", throughEverything(sh("ls -1 /proc/$$/fd")).run().stdoutText());
    }

    @Test
    @Scenario("process/8")
    void exitCodes_areNotMistakenForWrapperFailures() throws Exception {
        for (int code : new int[] {1, 125, 126, 127}) {
            ProcessResult result =
                    throughEverything(sh("exit " + code)).acceptAnyExit().run();
            assertTrue(result.status().isExit(code), result::toString);
        }
        for (String tool : List.of("prlimit", "setpriv", "env")) {
            ProcessResult result = throughEverything(pm.command(tool, "--no-such-option"))
                    .acceptAnyExit()
                    .run();
            assertFalse(result.status().isExit(0), result::toString);
            assertTrue(result.stderrText().contains("--no-such-option"), result::toString);
        }
        ProcessResult killed =
                throughEverything(sh("kill -9 $$")).acceptAnyExit().run();
        assertEquals(new ExitStatus.Signaled(Signal.KILL, false), killed.status());
    }

    @Test
    @Scenario("process/10")
    @Scenario("public-launch/2")
    void failedLaunches_behindWrappers_leaveNothing() throws Exception {
        Path text = Files.writeString(tmp.path("text"), "echo never\n");
        Path withoutShebang = program("without-shebang", "echo never\n");
        Path noInterpreter = program("no-interpreter", "#!/no/such/interpreter\n");
        Path dosLines = program("dos-lines", "#!/bin/sh\r\necho never\r\n");
        Path secondHand = program("second-hand", "#!" + noInterpreter + " -x\n");
        Path nothing = program("nothing", "#! \n");
        Path tooLong = program("too-long", "#!/" + "x".repeat(300) + "\n");
        Path noLoader = withoutLoader();
        for (int i = 0; i < Soak.scaled(200, 2); i++) {
            for (String missing : List.of("no-such-program", "/no/such/program")) {
                LaunchFailures.assertFails(
                        LaunchException.Reason.NOT_FOUND,
                        () -> throughEverything(pm.command(missing)).run());
            }
            for (Path file : List.of(
                    text,
                    withoutShebang,
                    noInterpreter,
                    dosLines,
                    secondHand,
                    nothing,
                    tooLong,
                    noLoader,
                    tmp.directory())) {
                LaunchFailures.assertFails(
                        LaunchException.Reason.NOT_EXECUTABLE,
                        () -> pm.command(file.toString()).run(),
                        file::toString);
                LaunchFailures.assertFails(
                        LaunchException.Reason.NOT_EXECUTABLE,
                        () -> throughEverything(pm.command(file.toString())).run(),
                        file::toString);
            }
            LaunchFailures.assertFails(
                    LaunchException.Reason.BAD_DIRECTORY,
                    () -> throughEverything(pm.command("true")).directory(text).run());
        }
        assertEquals(List.of(), pm.processes());
    }

    /** A copy of a program whose dynamic loader does not exist, as that of another C library. */
    private Path withoutLoader() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("/bin/true"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int loader = text.indexOf("/ld-");
        assertTrue(loader > 0, "/bin/true is not dynamic");
        bytes[loader + 1] = 'X';
        Path copy = Files.write(tmp.path("without-loader"), bytes);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        return copy;
    }

    @Test
    void execFailureBehindWrappers_differsFromExit126() throws Exception {
        Path script = Files.writeString(tmp.path("script"), "#!/etc\n"); // a directory, which is executable in its way
        assertTrue(script.toFile().setExecutable(true));
        LaunchException refused = LaunchFailures.assertFails(
                LaunchException.Reason.NOT_EXECUTABLE,
                () -> pm.command(script.toString()).limits(l -> l.openFiles(64)).start());
        for (String part : List.of("cannot start " + script, "prlimit", "limits", "Permission denied")) {
            assertTrue(refused.getMessage().contains(part), refused::getMessage);
        }
        assertEquals(List.of(), pm.processes());
        Command ends = sh("exit 126").limits(l -> l.openFiles(64)).acceptAnyExit();
        assertTrue(ends.run().status().isExit(126));
    }

    @Test
    void busyProgram_behindWrappers_startsOnceFree() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), tmp.path("busy"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(tmp.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Command command = throughEverything(pm.command(program.toString()));
        try (OutputStream writer = Files.newOutputStream(program, StandardOpenOption.APPEND)) {
            LaunchException busy =
                    LaunchFailures.assertFails(LaunchException.Reason.NOT_EXECUTABLE, command::run, "for ever");
            assertTrue(busy.getMessage().contains("busy"), busy::getMessage);
            writer.flush();
        }
        assertStartsOnceFree(program, command);
    }

    @Test
    void relativeProgram_behindWrappers_isInChildDirectory() throws Exception {
        Path build = program("build", "#!/bin/sh\npwd -P\n");
        Files.setPosixFilePermissions(tmp.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        String where = build.getParent().toRealPath() + "\n";
        Command command = pm.command("./build").directory(tmp.directory());
        assertEquals(where, throughEverything(command).run().stdoutText());
        Command named = pm.command("build").env("PATH", ":/bin:/usr/bin").directory(tmp.directory());
        assertEquals(where, throughEverything(named).run().stdoutText());
    }

    @Test
    void stdinAndTimeout_workBehindWrappers() throws Exception {
        assertEquals(
                "hello",
                throughEverything(pm.command("cat"))
                        .stdin(Input.of("hello"))
                        .run()
                        .stdoutText());
        ProcessResult late = throughEverything(pm.command("/bin/sh", "-c", sleepers.sleep(60)))
                .timeout(Duration.ofSeconds(1))
                .acceptAnyExit()
                .run();
        assertEquals(EndReason.TIMED_OUT, late.endReason(), late::toString);
        assertEquals(List.of(), sleepers.alive());
    }

    @Test
    @Scenario("process/21")
    void interruptedRuns_leaveNothingAtAnyStage() throws Exception {
        Command sleep =
                throughEverything(pm.command("sleep", sleepers.argument(60))).stopPolicy(StopPolicy.immediateKill());
        int runs = Soak.scaled(200, 12);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<ProcessResult>> all = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                all.add(callers.submit(() -> sleep.run()));
            }
            callers.shutdown();
            for (int i = 0; i < runs; i++) {
                // After 0 to 11 ms: in the tools, or in the program.
                try {
                    all.get(i).get(i % 12, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    all.get(i).cancel(true);
                }
            }
            assertTrue(callers.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS));
        } finally {
            callers.shutdownNow();
        }
        assertEquals(List.of(), sleepers.alive());
        assertEquals(List.of(), pm.processes());
    }

    // ---- where it belongs

    @Test
    void sessionAndGroup_areAsRequested() throws Exception {
        String script = "set -- $(cat /proc/$$/stat); echo $(($1 == $5)) $(($1 == $6)) $6";
        String session = Files.readString(Path.of("/proc/self/stat"))
                .replaceAll(".*\\) ", "")
                .split(" ")[3];
        assertEquals("1 1", firstTwo(sh(script)));
        assertEquals("1 1", firstTwo(sh(script).newSession()));
        assertEquals("1 0 " + session + "\n", sh(script).processGroup().run().stdoutText());
        Path errors = tmp.path("unused");
        assertFalse(Files.exists(errors));
        Command inheriting = sh(script).stderr(Output.inherit());
        assertEquals("0 0 " + session + "\n", inheriting.run().stdoutText());
        assertEquals("1 0 " + session + "\n", inheriting.processGroup().run().stdoutText());
        assertEquals("1 1", firstTwo(inheriting.newSession()));
    }

    private static String firstTwo(Command command) throws InterruptedException {
        return command.run().stdoutText().substring(0, 3);
    }

    @Test
    void stop_endsAProcessGroup() throws Exception {
        // The parent of the first sleeper is dead: it is in the JVM's session, and found by its group alone.
        String script = "(" + sleepers.sleep(60) + " & ); echo ready; " + sleepers.sleep(60) + "; :";
        ManagedProcess process = startReady(sh(script).processGroup());
        Eventually.assertThat(LONG, "all are there", () -> sleepers.alive().size() == 3);
        StopReport report = process.stop();
        assertEquals(List.of(), report.survivors());
        assertEquals(3, report.signalled().size(), report::toString);
        assertEquals(List.of(), sleepers.alive());
    }

    private static void assertLimit(String limits, String name, String soft, String hard) {
        Pattern line = Pattern.compile("(?m)^" + name + " +" + soft + " +" + hard + "\\b.*$");
        assertTrue(line.matcher(limits).find(), () -> name + " " + soft + " " + hard + " in\n" + limits);
    }

    private static long hardLimitOfOpenFiles() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                String hard = line.split(" {2,}")[2];
                Assumptions.assumeFalse(hard.equals("unlimited"));
                return Long.parseLong(hard);
            }
        }
        throw new AssertionError("no line of open files");
    }

    private Path program(String name, String text) throws IOException {
        Path file = Files.writeString(tmp.path(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
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
        assertEquals("", parts.remove(parts.size() - 1));
        return parts;
    }

    @Test
    @Scenario("public-launch/6")
    void nice_alsoCountsBetweenSessions() throws Exception {
        Path own = Path.of("/proc/self/autogroup");
        Assumptions.assumeTrue(isPosix() && Files.exists(own), "needs sched_autogroup");
        String before = Files.readString(own);
        ManagedProcess session = pm.command("sleep", "60").nice(19).start();
        ManagedProcess group = pm.command("sleep", "60")
                .nice(18)
                .processGroup()
                .stopPolicy(StopPolicy.immediateKill())
                .start();
        Path autogroup = Path.of("/proc/" + session.pid() + "/autogroup");
        // Other tests of this machine may set one too: then the kernel asks for patience.
        Eventually.assertThat(LONG, "the session is nice", () -> read(autogroup).endsWith(" nice 19\n"));
        assertEquals(before, Files.readString(own));
        assertEquals(before, Files.readString(Path.of("/proc/" + group.pid() + "/autogroup")));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
