package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** What a JVM without privileges gets from the machine, and what it is refused: always before the program runs. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdinaryUserIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private static final int MORE_LAUNCHES = 4;

    /** Runs programs on command; its answer is the output, or the name of the refusal and its text. */
    static final class Runner implements ChildProgram {
        private static final Map<String, UnaryOperator<Command>> ATTRIBUTES = new LinkedHashMap<>();

        /** What a launch is given, by name and value. */
        private static final Map<String, BiFunction<Command, String, Command>> SETTINGS = Map.of(
                "directory", (command, path) -> command.directory(Path.of(path)),
                "path", (command, path) -> command.env("PATH", path),
                "in", (command, path) -> command.stdin(Input.of(Path.of(path))),
                "out", (command, path) -> command.stdout(Output.toFile(Path.of(path))),
                "append", (command, path) -> command.stdout(Output.appendTo(Path.of(path))),
                "err", (command, path) -> command.stderr(Output.toFile(Path.of(path))));

        static {
            ATTRIBUTES.put("none", command -> command);
            ATTRIBUTES.put("above", command -> command.limits(l -> l.openFiles(ResourceLimits.UNLIMITED)));
            ATTRIBUTES.put("below", command -> command.limits(l -> l.openFiles(33)));
            ATTRIBUTES.put("nicer", command -> command.nice(19));
            ATTRIBUTES.put("greedy", command -> command.nice(-1));
            ATTRIBUTES.put("realTime", command -> command.ioNice(IoPriority.realTime(0)));
            ATTRIBUTES.put("root", command -> command.user("root"));
            ATTRIBUTES.put("group", command -> command.group("0"));
            ATTRIBUTES.put("groups", command -> command.supplementaryGroups("0"));
            ATTRIBUTES.put("self", command -> command.user("65534"));
            ATTRIBUTES.put("cgroup", command -> command.cgroup(Path.of("pm-ordinary")));
        }

        @Override
        public void register(ChildCommands commands) {
            commands.on("run", arguments -> {
                Command command = Command.shell(arguments.get(1));
                try {
                    return ATTRIBUTES.get(arguments.get(0)).apply(command).run().stdoutText();
                } catch (LaunchException e) {
                    return e.reason() + ": " + e.getMessage();
                }
            });
            commands.on("launch", arguments -> {
                Launcher launcher = Boolean.parseBoolean(arguments.get(0)) ? new PosixLauncher() : new JdkLauncher();
                try (ProcessManager pm = new ProcessManager(launcher)) {
                    Command command = pm.command(arguments.get(1));
                    for (String setting : arguments.subList(2, arguments.size())) {
                        String[] parts = setting.split("=", 2);
                        command = SETTINGS.get(parts[0]).apply(command, parts[1]);
                    }
                    return command.run().stdoutText();
                } catch (LaunchException e) {
                    return e.reason() + ": " + e.getMessage();
                }
            });
            commands.on("signal", arguments -> {
                Launcher launcher = Boolean.parseBoolean(arguments.get(0)) ? new PosixLauncher() : new JdkLauncher();
                try (ProcessManager pm = new ProcessManager(launcher);
                        AdoptedProcess stranger = pm.adopt(Long.parseLong(arguments.get(1)))) {
                    stranger.stop(StopPolicy.of(StopPolicy.Step.signal(Signal.KILL, Duration.ofMillis(50))));
                    return "" + stranger.signal(Signal.TERM);
                } catch (ProcessManagerException e) {
                    return e.getClass().getName() + ": " + e.getMessage();
                }
            });
            commands.on("descriptors", arguments -> "" + new File("/proc/self/fd").list().length);
        }
    }

    @RegisterExtension
    final Tmp names = new Tmp();

    private final Tmp home = new Tmp();
    private ChildJvm ordinary;

    @BeforeAll
    void startAsOrdinaryUser() {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        Assumptions.assumeTrue(
                org.processmanager.core.internal.posix.Files.effectiveUserId() == 0,
                "only the superuser can start a JVM as another user");
        ordinary = ChildJvm.of(Runner.class)
                .asOrdinaryUser(home.directory())
                .environment("HOME", home.directory().toString())
                .start();
    }

    @AfterAll
    void endIt() {
        if (ordinary != null) {
            ordinary.close();
        }
        home.afterEach(null);
    }

    private void assertRefused(String attribute, String... parts) throws Exception {
        Path trace = names.path("trace");
        Files.setPosixFilePermissions(names.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        String answer = ordinary.call("run", attribute, "touch " + trace);
        for (String part : parts) {
            assertTrue(answer.contains(part), () -> attribute + ": " + answer);
        }
        assertTrue(Files.notExists(trace), answer);
        assertEquals("", ordinary.call("run", "none", "touch " + trace), "it could have been there");
        Files.delete(trace);
    }

    @Test
    void jvm_isThatOfAnOrdinaryUser() {
        assertEquals("65534\n", ordinary.call("run", "none", "id -u"));
    }

    @Test
    void limits_goDownAndNotUp() throws Exception {
        assertEquals("33\n33\n", ordinary.call("run", "below", "ulimit -n; ulimit -Hn"));
        assertRefused("above", "LIMIT_REFUSED: ", "unlimited open files", "CAP_SYS_RESOURCE");
    }

    @Test
    void priorities_goDownAndNotUp() throws Exception {
        assertEquals("19\n", ordinary.call("run", "nicer", "nice"));
        assertRefused("greedy", "ATTRIBUTE_REFUSED: ", "niceness -1");
        assertRefused("realTime", "ATTRIBUTE_REFUSED: ", "REAL_TIME");
    }

    @Test
    void otherUsersAndGroups_areRefused() throws Exception {
        assertRefused("root", "ATTRIBUTE_REFUSED: ", "as user root", "65534", "CAP_SETUID");
        assertRefused("group", "ATTRIBUTE_REFUSED: ", "in group 0", "CAP_SETGID");
        assertRefused("groups", "ATTRIBUTE_REFUSED: ", "supplementary groups", "CAP_SETGID");
        assertEquals("65534\n65534\n65534\n", ordinary.call("run", "self", "id -u; id -g; id -G"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void signalsToProcessesOfOthers_areRefused(boolean posix) throws Exception {
        ManagedProcess mine = Command.of("sleep", "60").acceptAnyExit().start();
        try {
            String answer = ordinary.call("signal", posix, mine.pid());
            assertTrue(
                    answer.startsWith(NotPermittedException.class.getName() + ": cannot send TERM to process "
                            + mine.pid() + ": "),
                    answer);
            assertEquals(ManagedProcess.State.RUNNING, mine.state());
        } finally {
            mine.kill();
        }
    }

    @Test
    void controlGroupsOfTheSystem_areRefused() throws Exception {
        assertRefused("cgroup", "ATTRIBUTE_REFUSED: ", "control group");
    }

    /** Made by the superuser, in a directory that all users may search. */
    private Path made(String name, String permissions, String text) throws Exception {
        Files.setPosixFilePermissions(names.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = names.path(name);
        if (text == null) {
            Files.createDirectory(path);
        } else {
            Files.writeString(path, text);
        }
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private String launch(boolean posix, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(posix));
        all.addAll(List.of(arguments));
        return ordinary.call("launch", all.toArray());
    }

    /** Some times more, so that what each leaves open is seen; a JVM may open one or two for itself meanwhile. */
    private void assertLaunchRefused(boolean posix, String type, Object named, Object... arguments) {
        String answer = launch(posix, arguments);
        int before = Integer.parseInt(ordinary.call("descriptors"));
        for (int i = 0; i < MORE_LAUNCHES; i++) {
            assertEquals(answer, launch(posix, arguments));
        }
        int more = Integer.parseInt(ordinary.call("descriptors")) - before;
        assertTrue(more < MORE_LAUNCHES, () -> more + " descriptors more than before: " + answer);
        assertTrue(answer.startsWith(type + ": ") && answer.contains(named.toString()), answer);
        assertTrue(answer.toLowerCase(Locale.ROOT).contains("permission"), answer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Scenario("process/10")
    @Scenario("research-process/15")
    void directoryThatItMayNotEnter_isTyped(boolean posix) throws Exception {
        Path closed = made("closed", "rwx------", null);
        assertLaunchRefused(posix, "BAD_DIRECTORY", closed, "true", "directory=" + closed);
        Path listed = made("listed", "rwxr--r--", null);
        assertLaunchRefused(posix, "BAD_DIRECTORY", listed, "true", "directory=" + listed);
        Path below = Files.createDirectory(closed.resolve("below"));
        assertLaunchRefused(posix, "BAD_DIRECTORY", below, "true", "directory=" + below);
        Path searched = made("searched", "rwx--x--x", null);
        assertEquals("here\n", launch(posix, script("program", "rwxr-xr-x"), "directory=" + searched));
    }

    private Path script(String name, String permissions) throws Exception {
        return made(name, permissions, "#!/bin/sh\necho here\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Scenario("process/10")
    @Scenario("research-process/15")
    void programThatItMayNotExecute_isTyped(boolean posix) throws Exception {
        Path owners = script("owners", "rwxr--r--");
        assertLaunchRefused(posix, "NOT_EXECUTABLE", owners, owners);
        String path = "path=" + names.directory();
        assertLaunchRefused(posix, "NOT_EXECUTABLE", owners, "owners", path + ":/usr/bin:/bin");
        Path closed = made("closed", "rwx------", null);
        Path inside = Files.copy(owners, closed.resolve("inside"));
        assertLaunchRefused(posix, "NOT_EXECUTABLE", inside, inside);
        assertLaunchRefused(posix, "NOT_EXECUTABLE", inside, "inside", "path=" + closed);
        Path interpreted = made("interpreted", "rwxr-xr-x", "#!" + owners + "\n");
        assertLaunchRefused(posix, "NOT_EXECUTABLE", interpreted, interpreted);
        // One that it may execute, further along, is taken: as shells do it.
        Path later = made("later", "rwxr-xr-x", null);
        Files.setPosixFilePermissions(
                Files.copy(owners, later.resolve("owners")), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals("here\n", launch(posix, "owners", path + ":" + closed + ":" + later + ":/bin"));
        Path unreadable = Files.copy(Path.of("/bin/true"), names.path("unreadable"));
        Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("rwx--x--x"));
        assertEquals("", launch(posix, unreadable));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Scenario("process/10")
    void filesThatItMayNotOpen_areTypedAndStayAsTheyAre(boolean posix) throws Exception {
        Path kept = made("kept", "rw-r--r--", "kept");
        Path hidden = made("hidden", "rw-------", "hidden");
        Path trace = made("trace", "rw-rw-rw-", "");
        Path writer = made("writer", "rwxr-xr-x", "#!/bin/sh\necho started >" + trace + "\n");
        for (String how : List.of("out=", "append=", "err=")) {
            assertLaunchRefused(posix, "BAD_STREAM_FILE", kept, writer, how + kept);
        }
        assertLaunchRefused(posix, "BAD_STREAM_FILE", hidden, writer, "in=" + hidden);
        Path fresh = names.path("fresh"); // in a directory where it may make none
        assertLaunchRefused(posix, "BAD_STREAM_FILE", fresh, writer, "out=" + fresh);
        Path closed = made("closed", "rwx------", null);
        Path below = closed.resolve("below");
        assertLaunchRefused(posix, "BAD_STREAM_FILE", below, writer, "append=" + below);
        assertTrue(Files.notExists(fresh) && Files.notExists(below));
        assertEquals("kept", Files.readString(kept));
        assertEquals("", Files.readString(trace), "it was started");
        assertEquals("", launch(posix, writer, "out=" + trace));
        assertEquals("started\n", Files.readString(trace), "it could have been");
    }
}
