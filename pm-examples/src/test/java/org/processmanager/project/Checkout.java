package org.processmanager.project;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.Project;

/**
 * A copy of the project with the real start script and POMs and an app of a few lines, and a {@code mvn} that counts its
 * calls.
 */
final class Checkout {
    /** How one start of the script ended. */
    record Ended(int exit, String out, String err) {}

    private static final String APP = "pm-examples/src/main/java/org/processmanager/examples/app/Pm.java";

    private final Path work;
    private final Path root;
    private int starts;

    Checkout(Path work) throws IOException {
        this.work = work;
        root = Files.createDirectories(work.resolve("a checkout"));
        copy("pm", "");
        copy("pom.xml", "");
        copy("jvm.config", ".mvn");
        for (String module : Project.MODULES) {
            copy("pom.xml", module);
        }
        write(APP, STUB);
        useMaven("exec '" + find("mvn") + "' \"$@\"\n");
    }

    /**
     * Compiles the app once, and has each build from now on copy it, which takes a fraction of the time of Maven. A build with a
     * file {@code Broken.java} fails as the compiler would.
     */
    void replaceMaven() throws IOException {
        Path jar = work.resolve("app.jar");
        if (!Files.exists(jar)) {
            Path classes = Files.createDirectories(work.resolve("classes"));
            tool("javac", "-d", classes.toString(), root.resolve(APP).toString());
            tool("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        }
        useMaven("""
                cd "${3%%/pom.xml}" && mkdir -p pm-examples/target/app || exit
                broken=$(find pm-*/src -name Broken.java) && [ -z "$broken" ] || { echo "$broken:1: error"; exit 1; }
                exec cp '%s' pm-examples/target/app/
                """.formatted(jar));
    }

    private static void tool(String name, String... arguments) {
        ToolProvider tool = ToolProvider.findFirst(name).orElseThrow();
        if (tool.run(System.out, System.err, arguments) != 0) {
            throw new AssertionError(name + " " + List.of(arguments) + " failed");
        }
    }

    private void useMaven(String commands) throws IOException {
        makeScript(work.resolve("bin/mvn"), "echo called >>'" + work.resolve("calls") + "'\n" + commands);
    }

    Path root() {
        return root;
    }

    Path script() {
        return root.resolve("pm");
    }

    /** The directories of built apps. */
    List<Path> apps() throws IOException {
        try (Stream<Path> apps = Files.list(root.resolve("target/pm/apps"))) {
            return apps.sorted().toList();
        }
    }

    /** How often Maven was started. */
    int builds() throws IOException {
        Path calls = work.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** A change of the sources that makes another app. */
    void change(String mark) throws IOException {
        write(APP, STUB + "// " + mark + "\n");
    }

    /** A builder for the script, or for what calls it, in another directory, in a locale with UTF-8, with this JVM's JDK. */
    ProcessBuilder command(String... line) throws IOException {
        int number = starts++;
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.directory(work.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG", "PM_CALLER_LOCALE", "PM_JAVA_OPTIONS"));
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", work.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectOutput(work.resolve("out." + number).toFile());
        builder.redirectError(work.resolve("err." + number).toFile());
        return builder;
    }

    /** Starts the script with arguments and waits for its end. */
    Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(script().toString()));
        line.addAll(List.of(arguments));
        return run(command(line.toArray(String[]::new)));
    }

    Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
        return end(builder, builder.start());
    }

    /** Waits for the end of what the builder started. */
    Ended end(ProcessBuilder builder, Process process) throws IOException, InterruptedException {
        try {
            if (!process.waitFor(2 * ChildJvm.WATCHDOG.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("does not end: " + builder.command() + "\n" + said(builder));
            }
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), said(builder), text(builder.redirectError()));
    }

    /** What was written to standard output so far. */
    static String said(ProcessBuilder builder) {
        return text(builder.redirectOutput());
    }

    private static void makeScript(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        file.toFile().setExecutable(true);
    }

    private void copy(String file, String place) throws IOException {
        Path target = Files.createDirectories(root.resolve(place)).resolve(file);
        Files.copy(Project.root().resolve(place).resolve(file), target, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static Path find(String command) {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            Path path = Path.of(directory, command);
            if (Files.isExecutable(path)) {
                return path.toAbsolutePath();
            }
        }
        throw new AssertionError("this test needs " + command + " on PATH");
    }

    private static String text(ProcessBuilder.Redirect file) {
        return Project.read(file.file().toPath());
    }

    /** Prints what it was given, in ASCII; with "wait" it waits until a signal ends it, and then loads one more class. */
    private static final String STUB = """
            package org.processmanager.examples.app;

            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.util.TreeMap;
            import java.util.concurrent.CountDownLatch;

            public final class Pm {
                public static void main(String[] args) throws Exception {
                    for (String arg : args) {
                        System.out.println("argument " + arg.codePoints().boxed().toList());
                    }
                    new TreeMap<>(System.getenv()).forEach((name, value) -> {
                        if (name.matches("LC_ALL|LC_CTYPE|LANG|PM_CALLER_LOCALE")) {
                            System.out.println(name + "=" + value.replace("\\n", "|"));
                        }
                    });
                    System.out.println("home=" + System.getProperty("pm.home"));
                    System.out.println("given=" + System.getProperty("given"));
                    if (args.length > 0 && args[0].equals("streams")) {
                        for (int i = 0; i < 3; i++) {
                            String line = "stream " + i + "=" + Files.readSymbolicLink(Path.of("/proc/self/fd/" + i));
                            System.out.println(line);
                            System.err.println(line);
                        }
                    }
                    if (args.length > 0 && args[0].equals("wait")) {
                        Runtime.getRuntime().addShutdownHook(new Thread(Late::speak));
                        System.out.println("pid " + ProcessHandle.current().pid());
                        new CountDownLatch(1).await();
                    }
                }
            }

            final class Late {
                static void speak() {
                    System.out.println("late");
                }
            }
            """;
}
