package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Tmp;

/** Child JVMs that run classes of this program. */
class JavaChildIT {
    private static final JavaOptions SMALL =
            JavaOptions.none().option("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final int FIRST_THAT_WARNS = 24;

    /** By these a JVM takes options from its environment; CLASSPATH is one in effect. */
    private static final List<String> INHERITABLE =
            List.of("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static void print(Object text) {
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8).println(text);
    }

    /** Prints its arguments. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) {
            print(List.of(args));
        }
    }

    /** Waits until it is killed. */
    static final class Sleeper {
        private Sleeper() {}

        public static void main(String[] args) throws InterruptedException {
            Thread.currentThread().join();
        }
    }

    /** Prints what a JVM knows of its start. */
    static final class Teller {
        private Teller() {}

        public static void main(String[] args) {
            print("options " + ManagementFactory.getRuntimeMXBean().getInputArguments());
            print("secret " + System.getProperty("secret"));
            print("variables "
                    + new TreeSet<>(System.getenv().keySet())
                            .stream().filter(INHERITABLE::contains).toList());
            print("picked up " + System.getProperty("picked.up"));
            print("class path " + System.getProperty("java.class.path").length());
            print("inherited "
                    + System.getenv().keySet().stream()
                            .filter(key -> key.startsWith("PM_RESOURCE_"))
                            .toList());
        }
    }

    /** Starts the teller, from a JVM that was started in an unusual way. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) throws InterruptedException {
            ProcessResult result =
                    ProcessManager.shared().java(Teller.class, SMALL).run();
            print(result.stdoutText() + "errors " + result.stderrText());
        }
    }

    /** Doubles the number in the file that it was handed, and prints its arguments. */
    static final class Doubler {
        private Doubler() {}

        public static void main(String[] args) throws Exception {
            Path number = InheritedResources.find("number").orElseThrow().path();
            Files.writeString(number, "" + 2 * Integer.parseInt(Files.readString(number)));
            print(List.of(args));
        }
    }

    static final class NoMain {
        private NoMain() {}
    }

    abstract static class Contract extends LauncherContract {
        @Test
        void arguments_arriveVerbatim() throws Exception {
            ProcessResult result = pm.java(Echo.class, SMALL)
                    .args("@x", "", "a b", "-cp", "\"q\"", "\\", "$HOME")
                    .charset(StandardCharsets.UTF_8)
                    .run();
            assertEquals("[@x, , a b, -cp, \"q\", \\, $HOME]\n", result.stdoutText());
            assertEquals("", result.stderrText());
        }

        @Test
        void options_areThoseGivenAndNoOthers() throws Exception {
            ProcessResult result = pm.java(Teller.class, SMALL.property("secret", "a \"b\" \\ c\nd"))
                    .run();
            assertTrue(result.stdoutText().contains("-Xmx64m"), result::stdoutText);
            assertTrue(result.stdoutText().contains("secret a \"b\" \\ c\nd\n"), result::stdoutText);
            for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
                boolean passedOn = option.startsWith("--") || option.startsWith("-Dorg.processmanager.");
                boolean given = SMALL.list().contains(option);
                assertEquals(passedOn || given, result.stdoutText().contains(option), option);
            }
        }

        @Test
        void fileOfTheArguments_goesWithTheChild() throws Exception {
            ManagedProcess child = pm.java(Echo.class, marked()).start();
            int atTheEnd = child.onExit().thenApply(result -> argumentFiles()).join();
            assertEquals(0, atTheEnd, "it is gone when the exit is reported");
            child = pm.java(Sleeper.class, marked()).start();
            assertEquals(isPosix() ? 0 : 1, argumentFiles());
            child.kill();
            child.await();
            assertEquals(0, argumentFiles());
            LaunchFailures.assertFails(LaunchException.Reason.BAD_DIRECTORY, () -> pm.java(Echo.class, marked())
                    .directory(tmp.path("missing"))
                    .run());
            assertThrows(
                    LaunchException.class,
                    () -> pm.java(Echo.class, marked()).arg("x".repeat(1 << 18)).run());
            assertEquals(0, argumentFiles());
        }

        private final String mark = "mark-" + UUID.randomUUID();

        private JavaOptions marked() {
            return SMALL.property("mark", mark);
        }

        /** How many of this test there are: others may use the directory, too. */
        private int argumentFiles() {
            int count = 0;
            for (File file :
                    new File(System.getProperty("java.io.tmpdir")).listFiles((in, name) -> name.endsWith(".args"))) {
                try {
                    count += Files.readString(file.toPath()).contains(mark) ? 1 : 0;
                } catch (IOException e) {
                    // Of another process, which has deleted it since.
                    continue;
                }
            }
            return count;
        }

        @Test
        void javaChild_usesPassedResources() throws Exception {
            Path number = Files.writeString(tmp.path("number"), "21");
            Inheritable resource = isPosix()
                    ? Inheritable.opened(number, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : Inheritable.named(number);
            pm.java(Doubler.class, SMALL).pass("number", resource).run();
            assertEquals("42", Files.readString(number));
        }

        @Test
        void javaChild_isReachedByEveryWay() throws Exception {
            Assumptions.assumeTrue(isPosix(), "the portable path has one way only");
            Path number = Files.writeString(tmp.path("number"), "21");
            Command doubler =
                    pm.java(Doubler.class, SMALL).args("@x", "", "a b").pass("number", Inheritable.named(number));
            boolean root = "root".equals(System.getProperty("user.name"));
            List<UnaryOperator<Command>> ways = List.of(
                    command -> command.limits(l -> l.openFiles(200).coreDump(0)),
                    command -> command.nice(3).umask(027),
                    command -> root ? command.user("0") : command,
                    Command::dieWithParent,
                    command -> {
                        Command all = command.limits(l -> l.openFiles(200))
                                .nice(3)
                                .umask(027)
                                .dieWithParent();
                        return root ? all.user("0") : all;
                    });
            int expected = 21;
            for (UnaryOperator<Command> way : ways) {
                assertEquals("[@x, , a b]\n", way.apply(doubler).run().stdoutText());
                expected *= 2;
                assertEquals("" + expected, Files.readString(number));
            }
        }

        @Test
        void inheritedResources_areNotPassedOn() throws Exception {
            // The starter uses the launcher that is tried here.
            JavaOptions options = isPosix() ? SMALL : SMALL.property(NativeLayer.PROPERTY, "off");
            ProcessResult result = pm.java(Starter.class, options)
                    .pass("number", Inheritable.named(tmp.path("number")))
                    .run();
            assertTrue(result.stdoutText().contains("inherited []\n"), result::stdoutText);
        }
    }

    @Nested
    class Posix extends Contract {}

    @Nested
    class Jdk extends Contract {}

    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** Starts a JVM in a certain way, with options and variables that are no child's business. */
    private ProcessResult java(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("-Xmx77m", "-XX:+UseSerialGC", "-Dsecret=1"));
        line.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0");
        if (Runtime.version().feature() >= FIRST_THAT_WARNS) {
            line.add("--enable-native-access=" + (List.of(arguments).contains("-m") ? "com.sun.jna" : "ALL-UNNAMED"));
        }
        line.add("-D" + NativeLayer.PROPERTY + "=" + System.getProperty(NativeLayer.PROPERTY, "on"));
        line.addAll(List.of(arguments));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Command.of(java, line.toArray(String[]::new))
                .env("_JAVA_OPTIONS", "-Dpicked.up=1")
                .env("JAVA_TOOL_OPTIONS", "-Dpicked.up=2")
                .env("JDK_JAVA_OPTIONS", "-Dpicked.up=3")
                .env("CLASSPATH", "/nowhere")
                .run();
    }

    @Test
    void classPathLongerThanAnArgument_reachesTheChild() throws Exception {
        String padding = Stream.iterate(0, i -> i + 1)
                .limit(3000)
                .map(i -> "/nowhere/" + "x".repeat(80) + i + ".jar")
                .collect(Collectors.joining(File.pathSeparator));
        String path = System.getProperty("java.class.path") + File.pathSeparator + padding;
        assertTrue(path.length() > 236_000);
        Path file = Files.writeString(tmp.path("arguments"), "-cp\n\"" + path + "\"\n");
        String told = java("@" + file, Starter.class.getName()).stdoutText();
        int length = Integer.parseInt(told.replaceAll("(?s).*class path ([0-9]+).*", "$1"));
        assertTrue(length >= path.length(), told);
        assertTrue(told.contains("secret null\n"), told);
        assertTrue(told.endsWith("errors \n"), told);
        assertTrue(told.contains("variables []\npicked up null\n"), told);
        assertTrue(told.contains("-Xmx64m"), told);
        assertFalse(told.contains("-Xmx77m"), told);
        assertFalse(told.contains("jdwp"), told);
    }

    /** A program that starts itself again, and prints how it runs there. */
    private static final String PROGRAM = """
            package app;
            import org.processmanager.core.*;
            public final class Main {
                public static void main(String[] args) throws Exception {
                    if (args.length == 0) {
                        ProcessResult result = ProcessManager.shared().java(Main.class).args("child").run();
                        System.out.print(result.stdoutText() + (result.stderrText().contains("WARNING") ? "!" : ""));
                        return;
                    }
                    Module own = Main.class.getModule();
                    System.out.println(own.getName() + " " + Object.class.getModule().isOpen("java.lang", own) + " "
                            + Command.of("echo", "hi").run().stdoutText().strip());
                }
            }
            """;

    /** Compiles the program; the directory of its classes. */
    private Path compile(boolean asModule) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Assumptions.assumeTrue(compiler != null, "needs a JDK");
        Path sources = Files.createDirectories(tmp.path("sources"));
        Path classes = Files.createDirectories(tmp.path("classes"));
        Path main = Files.writeString(sources.resolve("Main.java"), PROGRAM);
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), main.toString()));
        if (asModule) {
            Path module = Files.writeString(
                    sources.resolve("module-info.java"), "module app { requires org.processmanager.core; }");
            arguments.addAll(List.of(module.toString(), "-p", libraries()));
        } else {
            arguments.addAll(List.of("-cp", libraries()));
        }
        assertEquals(0, compiler.run(null, null, null, arguments.toArray(String[]::new)));
        return classes;
    }

    private static String libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        entry.matches(".*/pm-core(/target/classes|[^/]*\\.jar)|.*/(jna|slf4j|jspecify)-[^/]*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void programOfTheModulePath_runsAsThatModule() throws Exception {
        Path classes = compile(true);
        ProcessResult result = java(
                "--add-opens",
                "java.base/java.lang=app",
                "-p",
                libraries() + File.pathSeparator + classes,
                "-m",
                "app/app.Main");
        assertEquals("app true hi\n", result.stdoutText());
    }

    @Test
    void programOfAJar_getsWhatItsManifestGrants() throws Exception {
        Path classes = compile(false);
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, "app.Main");
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Stream.of(libraries().split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        attributes.put(new Attributes.Name("Add-Opens"), "java.base/java.util java.base/java.lang");
        Path jar = tmp.path("app.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("app/Main.class"));
            out.write(Files.readAllBytes(classes.resolve("app/Main.class")));
        }
        assertEquals("null true hi\n", java("-jar", jar.toString()).stdoutText());
    }

    @Test
    void classesThatCannotBeStarted_areRefused() {
        try (ProcessManager pm = ProcessManager.create()) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> pm.java(NoMain.class));
            assertTrue(refused.getMessage().contains("main method"), refused::getMessage);
        }
    }

    @Test
    void optionsThatSayWhatIsRun_areRefused() {
        for (String option : List.of("-cp", "-jar", "--module-path=x", "@file", "-m", "Main", "", "-version")) {
            assertThrows(
                    IllegalArgumentException.class, () -> JavaOptions.none().option(option), option);
        }
        assertThrows(IllegalArgumentException.class, () -> JavaOptions.none().property("a=b", "c"));
        assertEquals(
                List.of("-Da=b=c", "-ea"),
                JavaOptions.none().property("a", "b=c").option("-ea").list());
    }
}
