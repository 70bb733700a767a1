package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.examples.ChildJava;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.ClassArchive;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.SmallJvm;

/**
 * A command line of the app. It is run within this JVM on streams in memory, or as a process: a JVM of its own on this class
 * path, as the start script would start it. The streams of a process are files, so that nothing that it leaves behind can
 * block the test; only a dialog has a pipe for its input. Each has an event log of its own.
 *
 * <p>A process is needed where its descriptors, signals, environment or death matter; a program that inherits the streams of
 * the app is such a case.
 */
public final class PmApp {
    private static final Duration WATCHDOG = Duration.ofSeconds(120);
    private static final List<String> INHERITED = List.of("org.processmanager.", "org.slf4j.", ChildJava.ARCHIVE);
    private static final ObjectMapper JACKSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final List<String> arguments;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> properties = new TreeMap<>();
    private String stdin = "";
    private boolean dialog;
    private boolean process;

    private PmApp(List<String> arguments) {
        this.arguments = arguments;
    }

    public static PmApp of(String... arguments) {
        // for the child JVMs of an app that runs in this JVM
        System.setProperty("java.class.path", SmallJvm.classPath());
        if (ClassArchive.file() != null) {
            System.setProperty(ChildJava.ARCHIVE, ClassArchive.file().toString());
        }
        return new PmApp(List.of(arguments));
    }

    /** Returns a check of what a class leaves behind, without what the library keeps for the next launch. */
    static LeakCheck leakCheck() {
        return new LeakCheck()
                .after(PosixLauncher::isAvailable)
                .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*");
    }

    /** Runs a command line in this JVM. */
    static Outcome pm(String... arguments) {
        return of(arguments).run();
    }

    PmApp stdin(String text) {
        stdin = text;
        return this;
    }

    /** Runs it as a process. */
    PmApp asProcess() {
        process = true;
        return this;
    }

    /** Its input is typed, line by line, while it runs. */
    PmApp dialog() {
        dialog = true;
        return this;
    }

    /** Sets a system property while it runs. */
    PmApp property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** Sets a variable of the process. */
    public PmApp env(String name, String value) {
        process = true;
        environment.put(name, value);
        return this;
    }

    /** Sets an option of the process's JVM. */
    public PmApp option(String option) {
        process = true;
        options.add(option);
        return this;
    }

    Outcome run() {
        if (!process) {
            return runHere();
        }
        try (Running running = start()) {
            return running.await();
        }
    }

    private Outcome runHere() {
        List<String> line = new ArrayList<>(arguments);
        Path log = null;
        try {
            properties.forEach(System::setProperty);
            if (!line.contains("--log")) {
                log = Files.createTempFile("pm-app-", ".log");
                line.addAll(0, List.of("--log", log.toString()));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Terminal terminal = Terminal.of(
                    new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                    out,
                    new PrintStream(err, true, StandardCharsets.UTF_8));
            int exit = App.run(terminal, line.toArray(String[]::new));
            return new Outcome(
                    exit,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8),
                    ProcessHandle.current().pid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            properties.keySet().forEach(System::clearProperty);
            if (log != null) {
                log.toFile().delete();
            }
        }
    }

    /** Starts it as a process. */
    Running start() {
        try {
            Path directory = Files.createTempDirectory("pm-app-");
            Path in = Files.writeString(directory.resolve("in"), stdin);
            ProcessBuilder builder = new ProcessBuilder(commandLine())
                    .redirectInput(dialog ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.from(in.toFile()))
                    .redirectOutput(directory.resolve("out").toFile())
                    .redirectError(directory.resolve("err").toFile());
            builder.environment().put("PM_LOG", directory.resolve("log").toString());
            environment.forEach((name, value) -> {
                builder.environment().remove(name);
                if (value != null) {
                    builder.environment().put(name, value);
                }
            });
            return new Running(builder.start(), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java, its options, the main class and the arguments. */
    public List<String> commandLine() {
        List<String> line = new ArrayList<>();
        line.addAll(SmallJvm.start());
        line.add("-Xmx256m");
        line.addAll(ClassArchive.options());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> INHERITED.stream().anyMatch(name::startsWith))
                .forEach(name -> line.add("-D" + name + "=" + System.getProperty(name)));
        line.addAll(options);
        line.addAll(List.of("-cp", SmallJvm.classPath(), Pm.class.getName()));
        line.addAll(arguments);
        return line;
    }

    /** How it ended and what it wrote. */
    record Outcome(int exit, String out, String err, long pid) {
        /** The one JSON document that is the standard output. */
        JsonNode json() {
            try {
                return JACKSON.readTree(out);
            } catch (IOException e) {
                throw new AssertionError("not one JSON document: " + this, e);
            }
        }

        Outcome assertExit(int expected) {
            assertEquals(expected, exit, this::toString);
            return this;
        }

        /** That standard error is one line of the app, and standard output nothing; the line. */
        String complaint() {
            assertEquals("", out, this::toString);
            assertEquals(1, err.lines().count(), this::toString);
            assertEquals("pm: ", err.substring(0, Math.min(4, err.length())), this::toString);
            return err.strip();
        }
    }

    /** An app that runs; it is ended by closing, whatever it does. */
    static final class Running implements AutoCloseable {
        private final Process process;
        private final Path directory;

        Running(Process process, Path directory) {
            this.process = process;
            this.directory = directory;
        }

        long pid() {
            return process.pid();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        /** Types a line at a dialog. */
        void type(String line) throws IOException {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        /** What it has written to standard output so far. */
        String out() {
            return read("out");
        }

        /** Sends a signal by its name without SIG. */
        void signal(String name) throws IOException, InterruptedException {
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                            .inheritIO()
                            .start()
                            .waitFor());
        }

        Outcome await() {
            try {
                if (!process.waitFor(WATCHDOG.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            "still alive after " + WATCHDOG + "; out: " + out() + "; err: " + read("err"));
                }
                return new Outcome(process.exitValue(), out(), read("err"), pid());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        @Override
        public void close() {
            List<ProcessHandle> children = process.descendants().toList(); // they write to the log too
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            try {
                process.waitFor();
                Eventually.await(Duration.ofSeconds(5), () -> children.stream().noneMatch(ProcessHandle::isAlive));
                process.getOutputStream().close();
                for (String file : List.of("in", "out", "err", "log")) {
                    Files.deleteIfExists(directory.resolve(file));
                }
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private String read(String file) {
            try {
                return new String(Files.readAllBytes(directory.resolve(file)), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
