package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.launch.PosixLauncher;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** What a JVM without privileges gets from the machine, and what it is refused: always before the program runs. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdinaryUserIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    /** Runs programs as it is told; its answer is the output, or the name of the refusal and its text. */
    static final class Runner implements ChildProgram {
        private static final Map<String, UnaryOperator<Command>> ATTRIBUTES = new LinkedHashMap<>();

        static {
            ATTRIBUTES.put("none", command -> command);
            ATTRIBUTES.put("above", command -> command.limits(l -> l.openFiles(ResourceLimits.UNLIMITED)));
            ATTRIBUTES.put("below", command -> command.limits(l -> l.openFiles(33)));
            ATTRIBUTES.put("nicer", command -> command.nice(9));
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
                    return e.getClass().getSimpleName() + ": " + e.getMessage();
                }
            });
            commands.on("in", arguments -> {
                try {
                    return Command.of(arguments.get(0))
                            .directory(Path.of(arguments.get(1)))
                            .run()
                            .stdoutText();
                } catch (LaunchException e) {
                    return e.getClass().getSimpleName() + ": " + e.getMessage();
                }
            });
        }
    }

    @RegisterExtension
    final Tmp names = new Tmp();

    private final Tmp folder = new Tmp();
    private ChildJvm ordinary;

    @BeforeAll
    void startAsOrdinaryUser() {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        Assumptions.assumeTrue(
                org.processmanager.core.internal.posix.Files.effectiveUserId() == 0,
                "the superuser alone can start a JVM as somebody else");
        ordinary = ChildJvm.of(Runner.class)
                .asOrdinaryUser(folder.directory())
                .environment("HOME", folder.directory().toString())
                .start();
    }

    @AfterAll
    void endIt() {
        if (ordinary != null) {
            ordinary.close();
        }
        folder.afterEach(null);
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
        assertRefused("above", "LimitRefused: ", "unlimited open files", "CAP_SYS_RESOURCE");
    }

    @Test
    void priorities_goDownAndNotUp() throws Exception {
        assertEquals("9\n", ordinary.call("run", "nicer", "nice"));
        assertRefused("greedy", "AttributeRefused: ", "niceness -1");
        assertRefused("realTime", "AttributeRefused: ", "REAL_TIME");
    }

    @Test
    void otherUsersAndGroups_areRefused() throws Exception {
        assertRefused("root", "AttributeRefused: ", "as user root", "65534", "CAP_SETUID");
        assertRefused("group", "AttributeRefused: ", "in group 0", "CAP_SETGID");
        assertRefused("groups", "AttributeRefused: ", "supplementary groups", "CAP_SETGID");
        assertEquals("65534\n65534\n65534\n", ordinary.call("run", "self", "id -u; id -g; id -G"));
    }

    @Test
    void controlGroupsOfTheSystem_areRefused() throws Exception {
        assertRefused("cgroup", "AttributeRefused: ", "control group");
    }

    @Test
    @Scenario("process/10")
    void whatItMayNotEnterOrExecute_isTyped() throws Exception {
        Path closed = Files.createDirectory(
                names.path("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path program = Files.writeString(names.path("program"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(names.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        String entered = ordinary.call("in", "true", closed);
        assertTrue(entered.startsWith("BadDirectory: ") && entered.contains("EACCES"), entered);
        String executed = ordinary.call("in", program, "/");
        assertTrue(executed.startsWith("NotExecutable: ") && executed.contains("EACCES"), executed);
    }
}
