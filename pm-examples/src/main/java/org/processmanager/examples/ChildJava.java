package org.processmanager.examples;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;

/**
 * A command that starts a class of this class path in a JVM of its own: the same {@code java}, a small heap, and the
 * collector and compiler that start fastest. The class path goes by the environment, which keeps the command line readable.
 */
public final class ChildJava {
    /** Properties that children share, as the switch to the portable path. */
    private static final List<String> INHERITED = List.of("org.processmanager.", "org.slf4j.");

    private static final int FIRST_RELEASE_THAT_WARNS_OF_NATIVE_ACCESS = 24;

    private ChildJava() {}

    /** The command, with which streams and rights its caller decides. */
    public static Command command(ProcessManager manager, Class<?> main, String... arguments) {
        List<String> options = new ArrayList<>(
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData"));
        if (Runtime.version().feature() >= FIRST_RELEASE_THAT_WARNS_OF_NATIVE_ACCESS) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> INHERITED.stream().anyMatch(name::startsWith))
                .sorted()
                .forEach(name -> options.add("-D" + name + "=" + System.getProperty(name)));
        options.add(main.getName());
        options.addAll(List.of(arguments));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return manager.command(java, options.toArray(String[]::new)).env("CLASSPATH", classPath());
    }

    /** Absolute, since a child may run elsewhere. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
