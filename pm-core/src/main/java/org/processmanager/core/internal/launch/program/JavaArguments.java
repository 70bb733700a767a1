package org.processmanager.core.internal.launch.program;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.posix.NativeLayer;

/**
 * The arguments of a JVM that runs a class of this program: the same class and module path, and the same doors between
 * modules, whether this program was started by class path, module path or jar. Nothing else is taken over.
 */
public final class JavaArguments {
    /** Variables by which a JVM would get options that were not given here. */
    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    /** What belongs to the paths: without it classes would not be found, or not be allowed what they are here. */
    private static final List<String> PASSED_ON = List.of(
            "--add-exports=",
            "--add-modules=",
            "--add-opens=",
            "--add-reads=",
            "--enable-native-access=",
            "--enable-preview",
            "--illegal-native-access=",
            "--limit-modules=",
            "--patch-module=",
            "-Dorg.processmanager.");

    /** What a jar's manifest grants its classes if the program is started by it, and the options for the same. */
    private static final Map<String, String> GRANTS = Map.of(
            "Add-Exports", "--add-exports=",
            "Add-Opens", "--add-opens=");

    /** What a JVM itself has to say goes to standard error: standard output is the program's. */
    private static final List<String> QUIET =
            List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning:stderr");

    private JavaArguments() {}

    /** Returns what runs a class of this program in a JVM of its own, with options that are given. */
    public static LaunchSpec command(Class<?> main, List<String> given) {
        List<String> line = new ArrayList<>(List.of(program(), "@arguments"));
        line.addAll(mainClass(main));
        EnvironmentSpec environment = EnvironmentSpec.INHERITED;
        for (String variable : VARIABLES) {
            environment = environment.without(variable);
        }
        return new LaunchSpec(List.copyOf(line))
                .withName(main.getSimpleName())
                .withEnvironment(environment)
                .withArgumentFile(new PrivateFile(1, file(given)));
    }

    /** The {@code java} of this JVM. */
    private static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The words that name the class to run. */
    private static List<String> mainClass(Class<?> main) {
        Module module = main.getModule();
        return module.isNamed() ? List.of("-m", module.getName() + "/" + main.getName()) : List.of(main.getName());
    }

    /** The text of an argument file with all options; those that are given come last, and win. */
    private static String file(List<String> given) {
        List<String> options = new ArrayList<>(QUIET);
        addPath(options, "--upgrade-module-path", System.getProperty("jdk.module.upgrade.path"));
        addPath(options, "--module-path", System.getProperty("jdk.module.path"));
        addPath(options, "--class-path", System.getProperty("java.class.path"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> PASSED_ON.stream().anyMatch(option::startsWith))
                .forEach(options::add);
        addGrants(options);
        String mayCallNatives = NativeLayer.moduleWithNativeAccess();
        if (mayCallNatives != null) {
            options.add("--enable-native-access=" + mayCallNatives);
        }
        options.addAll(given);
        return options.stream().map(JavaArguments::quote).collect(Collectors.joining("\n", "", "\n"));
    }

    private static void addPath(List<String> options, String option, @Nullable String path) {
        if (path != null && !path.isEmpty()) {
            options.add(option);
            options.add(absolute(path));
        }
    }

    /** Absolute, since a child may run elsewhere. */
    private static String absolute(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The child is started by the class path that the jar is: its manifest grants nothing then. */
    private static void addGrants(List<String> options) {
        String path = System.getProperty("java.class.path", "");
        String command = System.getProperty("sun.java.command", "");
        if (path.isEmpty() || path.contains(File.pathSeparator) || !command.startsWith(path)) {
            return;
        }
        try (JarFile jar = new JarFile(path)) {
            if (jar.getManifest() != null) {
                Attributes manifest = jar.getManifest().getMainAttributes();
                GRANTS.forEach((name, option) -> addGrant(options, option, manifest.getValue(name)));
            }
        } catch (IOException e) {
            // a directory: it has no manifest
        }
    }

    private static void addGrant(List<String> options, String option, @Nullable String packages) {
        if (packages != null) {
            for (String one : packages.strip().split(" +")) {
                options.add(option + one + "=ALL-UNNAMED");
            }
        }
    }

    private static String quote(String option) {
        return '"'
                + option.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }
}
