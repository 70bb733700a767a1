package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * block the test; only a dialog has a pipe for its input. One that is started within this JVM runs in a thread. Each has an
 * event log of its own.
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
        useArchive();
        return new PmApp(List.of(arguments));
    }

    /** Has the child JVMs of an app or example that runs in this JVM start with the class archive, on its class path. */
    public static void useArchive() {
        System.setProperty("java.class.path", SmallJvm.classPath());
        if (ClassArchive.file() != null) {
            System.setProperty(ChildJava.ARCHIVE, ClassArchive.file().toString());
        }
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
            InputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
            return runHere(in, new ByteArrayOutputStream());
        }
        try (Running running = start()) {
            return running.await();
        }
    }

    private Outcome runHere(InputStream in, ByteArrayOutputStream out) {
        List<String> line = new ArrayList<>(arguments);
        Path log = null;
        try {
            properties.forEach(System::setProperty);
            if (!line.contains("--log")) {
                log = Files.createTempFile("pm-app-", ".log");
                line.addAll(0, List.of("--log", log.toString()));
            }
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Terminal terminal = Terminal.of(in, out, new PrintStream(err, true, StandardCharsets.UTF_8));
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

    /** Starts it, in a thread or as a process. */
    Running start() {
        return process ? startProcess() : new RunningHere(this);
    }

    private RunningProcess startProcess() {
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
            return new RunningProcess(builder.start(), directory);
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
    interface Running extends AutoCloseable {
        long pid();

        boolean isAlive();

        /** Types a line at a dialog. */
        void type(String line) throws IOException;

        /** What it has written to standard output so far. */
        String out();

        /** Sends a signal by its name without SIG to the process. */
        default void signal(String name) throws IOException, InterruptedException {
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                            .inheritIO()
                            .start()
                            .waitFor());
        }

        Outcome await();

        @Override
        void close();
    }

    /** Runs in a thread of this JVM. */
    private static final class RunningHere implements Running {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final InputStream in;
        private final OutputStream typed;
        private final FutureTask<Outcome> outcome;
        private final Thread thread;

        RunningHere(PmApp app) {
            try {
                Pipe pipe = Pipe.open();
                in = Channels.newInputStream(pipe.source());
                typed = Channels.newOutputStream(pipe.sink());
                typed.write(app.stdin.getBytes(StandardCharsets.UTF_8));
                if (!app.dialog) {
                    typed.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            outcome = new FutureTask<>(() -> app.runHere(in, out));
            thread = new Thread(outcome, "pm " + app.arguments);
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public boolean isAlive() {
            return !outcome.isDone();
        }

        @Override
        public void type(String line) throws IOException {
            typed.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String out() {
            return out.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void signal(String name) {
            throw new UnsupportedOperationException("not a process of its own");
        }

        @Override
        public Outcome await() {
            try {
                return outcome.get(WATCHDOG.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError("out: " + out(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        @Override
        public void close() {
            try {
                typed.close();
                thread.interrupt(); // of a test that has failed
                thread.join(WATCHDOG.toMillis());
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class RunningProcess implements Running {
        private final Process process;
        private final Path directory;

        RunningProcess(Process process, Path directory) {
            this.process = process;
            this.directory = directory;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void type(String line) throws IOException {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        @Override
        public String out() {
            return read("out");
        }

        @Override
        public Outcome await() {
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
