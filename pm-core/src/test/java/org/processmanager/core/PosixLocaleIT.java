package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A JVM in the POSIX locale, which cannot even name what is not ASCII, passes it on by every way to a program. */
@Timeout(180)
class PosixLocaleIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    private static final String AWKWARD = "日本語 \uD83D\uDE00 é\n'$HOME'";

    @RegisterExtension
    final Tmp tmp = new Tmp();

    static final class Printer implements ChildProgram {
        private final boolean root = org.processmanager.core.internal.posix.Files.effectiveUserId() == 0;

        @Override
        public void register(ChildCommands commands) {
            commands.on(
                    "limits",
                    arguments ->
                            print(printf(arguments).limits(l -> l.openFiles(64)).umask(0)));
            commands.on("user", arguments -> print(root ? printf(arguments).user("nobody") : printf(arguments)));
            commands.on(
                    "cgroup",
                    arguments -> print(
                            printf(arguments).cgroup(Path.of(arguments.get(1))).limits(l -> l.coreDump(0))));
            commands.on("variables", arguments -> {
                Command env = Command.of("env", "-0").charset(StandardCharsets.UTF_8);
                Command all = env.env("spring.x-y", arguments.get(0)).limits(l -> l.openFiles(64));
                return print(arguments.size() == 1 ? all : all.cgroup(Path.of(arguments.get(1))));
            });
            commands.on("refused", arguments -> refusals(arguments.get(0)));
            commands.on("paths", arguments -> {
                try (ProcessManager pm = ProcessManager.create()) {
                    return PathBytes.wrong(pm, PosixLauncher.isAvailable(), Path.of(arguments.get(0)))
                            .toString();
                }
            });
            commands.on(
                    "property",
                    arguments -> print(ProcessManager.shared()
                            .java(Teller.class, JavaOptions.none().property("told", arguments.get(0)))
                            .charset(StandardCharsets.UTF_8)));
            commands.on(
                    "java",
                    arguments -> print(ProcessManager.shared()
                            .java(Teller.class, JavaOptions.none().property("told", arguments.get(0)))
                            .args(arguments.get(0))
                            .charset(StandardCharsets.UTF_8)));
        }

        /** What is said of it as an argument, a variable and a program. */
        private static String refusals(String text) {
            Command echo = Command.of("echo");
            return Stream.of(echo.args("plain", text), echo.env("KEY", text), Command.of(text))
                    .map(command -> assertThrows(UnsupportedOperationException.class, command::run)
                            .getMessage())
                    .collect(Collectors.joining("\n"));
        }

        private static Command printf(List<String> arguments) {
            return Command.of("printf", "%s", arguments.get(0)).charset(StandardCharsets.UTF_8);
        }

        private static String print(Command command) throws InterruptedException {
            return command.run().stdoutText();
        }
    }

    /** Prints its property and its arguments. */
    static final class Teller {
        private Teller() {}

        public static void main(String[] args) {
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
                    .print(System.getProperty("told") + String.join("", args));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void javaChild_readsNamesItsParentCannotEncode(String layer) throws Exception {
        Assumptions.assumeTrue(layer.equals("off") || PosixLauncher.isAvailable(), "needs posix_spawn");
        try (ChildJvm jvm = ChildJvm.of(Printer.class)
                .environment("LC_ALL", "POSIX")
                .property("org.processmanager.native", layer)
                .start()) {
            assertEquals(AWKWARD, jvm.call("property", AWKWARD));
            if (layer.equals("on")) {
                assertEquals(AWKWARD + AWKWARD, jvm.call("java", AWKWARD));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    @Scenario("public-launch/1")
    void everyPath_reachesTheFileOfItsBytes(String layer) throws Exception {
        Assumptions.assumeTrue(layer.equals("off") || PosixLauncher.isAvailable(), "needs posix_spawn");
        try (ChildJvm jvm = ChildJvm.of(Printer.class)
                .environment("LC_ALL", "C")
                .property("org.processmanager.native", layer)
                .start()) {
            assertEquals("[]", jvm.call("paths", tmp.directory()));
        }
    }

    @Test
    void portablePath_refusesWhatTheLocaleCannotCarry() throws Exception {
        try (ChildJvm jvm = ChildJvm.of(Printer.class)
                .environment("LC_ALL", "POSIX")
                .property("org.processmanager.native", "off")
                .start()) {
            List<String> refusals = jvm.call("refused", "café€").lines().toList();
            assertEquals(3, refusals.size(), refusals::toString);
            for (int i = 0; i < 3; i++) {
                String what = List.of("argument 2", "the environment variable KEY", "the program")
                        .get(i);
                assertTrue(refusals.get(i).startsWith("the character U+00E9 in " + what), refusals::toString);
                assertTrue(refusals.get(i).contains("LC_ALL=C.UTF-8"), refusals::toString);
            }
        }
    }

    @Test
    @Scenario("process/12")
    @Scenario("research-process/18")
    void namesOutsideAscii_arriveThroughEveryWay() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        String mount = Cgroup.mount();
        boolean groups = mount != null && Files.isWritable(Path.of(mount));
        Path group = Path.of(mount == null ? "/" : mount, tmp.name("locale"));
        try (ChildJvm jvm = ChildJvm.of(Printer.class)
                .environment("LC_ALL", "POSIX")
                .environment("inherited.name", "grüße")
                .start()) {
            assertEquals(AWKWARD, jvm.call("limits", AWKWARD));
            assertEquals(AWKWARD, jvm.call("user", AWKWARD));
            assertVariables(jvm.call("variables", AWKWARD));
            if (groups) {
                assertEquals(AWKWARD, jvm.call("cgroup", AWKWARD, group));
                assertVariables(jvm.call("variables", AWKWARD, group));
            }
        } finally {
            if (groups) {
                Files.deleteIfExists(group);
            }
        }
    }

    private static void assertVariables(String environment) {
        List<String> variables = List.of(environment.split("\0"));
        for (String expected : List.of("spring.x-y=" + AWKWARD, "inherited.name=grüße", "LC_ALL=POSIX")) {
            assertEquals(1, variables.stream().filter(expected::equals).count(), () -> expected + " in " + variables);
        }
    }
}
