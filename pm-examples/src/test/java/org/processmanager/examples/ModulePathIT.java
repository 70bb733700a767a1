package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.examples.app.Pm;
import org.processmanager.examples.ipc.MessagesExample;
import org.processmanager.examples.process.RunAndCapture;
import org.processmanager.examples.process.ServerUp;
import org.processmanager.examples.process.SupervisorExample;
import org.processmanager.examples.sync.SharedCounterExample;
import org.processmanager.examples.sync.SharedMutexExample;
import org.processmanager.examples.sync.TextbookBufferExample;
import org.processmanager.fixtures.ClassArchive;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.SmallJvm;

/** Every example prints what it promises, on the class path and with the libraries as named modules. */
@Timeout(180)
@Tag("ci")
class ModulePathIT {
    /** What the libraries need at run time, as file names of jars or directories of classes. */
    private static final Pattern LIBRARY = Pattern.compile(
            ".*/(pm-(core|sync|ipc)(/target/classes|[^/]*\\.jar)|(jna|slf4j|jspecify|oshi)-[^/]*\\.jar)");

    /** Those that do not run with modules, and one of those that do. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                RunAndCapture.class,
                SupervisorExample.class,
                SharedCounterExample.class,
                TextbookBufferExample.class
            })
    void example_onTheClassPath_printsWhatItPromises(Class<?> example) throws Exception {
        List<String> line = new ArrayList<>(ClassArchive.options());
        if (ClassArchive.file() != null) {
            line.add("-D" + ChildJava.ARCHIVE + "=" + ClassArchive.file());
        }
        line.addAll(List.of("-cp", SmallJvm.classPath(), example.getName()));
        assertEquals(ExamplesPage.output(example), run(line));
    }

    /** Those that differ in the packages that they use. */
    @ParameterizedTest
    @ValueSource(classes = {RunAndCapture.class, ServerUp.class, SharedMutexExample.class, MessagesExample.class})
    void example_withModules_printsWhatItPromises(Class<?> example) throws Exception {
        assertEquals(
                ExamplesPage.output(example),
                run(List.of(
                        "-p",
                        libraries(),
                        "--add-modules",
                        "org.processmanager.ipc",
                        "-cp",
                        ownClasses(),
                        example.getName())));
    }

    /** Lists the processes without OSHI, which no module requires at run time. */
    static final class ListsItself {
        private ListsItself() {}

        public static void main(String[] args) {
            long self = ProcessHandle.current().pid();
            System.out.println(ProcessTable.list().stream().anyMatch(process -> process.pid() == self));
        }
    }

    @Test
    @Scenario("public-monitor/5")
    void processTable_withModules_needsNoOshi() throws Exception {
        String own = Path.of(ModulePathIT.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        assertEquals(
                "true\n",
                run(List.of(
                        "-p",
                        libraries(),
                        "--add-modules",
                        "org.processmanager.core",
                        "-cp",
                        own,
                        ListsItself.class.getName())));
    }

    @Test
    void libraries_areNamedModulesWithoutSplitsOrReadErrors() throws Exception {
        String described = run(List.of("-p", libraries(), "--describe-module", "org.processmanager.ipc"));
        assertTrue(described.contains("exports org.processmanager.ipc\n"), described);
        assertTrue(described.contains("requires org.processmanager.sync transitive\n"), described);
        run(List.of("-p", libraries(), "--add-modules", "org.processmanager.ipc", "--validate-modules"));
    }

    private static String libraries() {
        List<String> entries = new ArrayList<>();
        for (String entry : SmallJvm.classPath().split(File.pathSeparator)) {
            if (LIBRARY.matcher(entry).matches()) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static String ownClasses() throws Exception {
        return Path.of(Pm.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }

    private static String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        boolean runsAProgram = arguments.contains("-cp");
        if (runsAProgram && Runtime.version().feature() >= 24) {
            line.add("--enable-native-access=" + (arguments.get(0).equals("-p") ? "com.sun.jna" : "ALL-UNNAMED"));
        }
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("org.processmanager.") || name.startsWith("org.slf4j."))
                .forEach(name -> line.add("-D" + name + "=" + System.getProperty(name)));
        line.addAll(arguments);
        Path out = Files.createTempFile("pm-module-path", ".out");
        Path errors = Files.createTempFile("pm-module-path", ".err");
        Process process = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            assertEquals("", Files.readString(errors), () -> "standard error of " + line);
            assertTrue(ended, () -> "hangs: " + line);
            assertEquals(0, process.exitValue(), () -> "exit code of " + line);
            return Files.readString(out);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(errors);
        }
    }
}
