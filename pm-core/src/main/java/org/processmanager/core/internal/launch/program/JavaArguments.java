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
 * The arguments of a JVM that runs a class of this program: the same class path and module path, and the same exports and opens
 * of modules, whether this program was started by class path, module path or jar. Other options are not copied.
 */
public final class JavaArguments {
    /** Environment variables from which a JVM would take further options. */
    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    /** The options of this JVM that are copied: without them classes would not be found or would lack access. */
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

    /** The attributes of a jar's manifest that grant access if the program is started by the jar, and the equal options. */
    private static final Map<String, String> GRANTS = Map.of(
            "Add-Exports", "--add-exports=",
            "Add-Opens", "--add-opens=");

    /** Sends the messages of the JVM to standard error, since standard output belongs to the program. */
    private static final List<String> QUIET =
            List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning:stderr");

    private JavaArguments() {}

    /** Returns the command that runs a class of this program in another JVM, with the given options. */
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

    /** Returns the {@code java} of this JVM. */
    private static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Returns the arguments that select the main class. */
    private static List<String> mainClass(Class<?> main) {
        Module module = main.getModule();
        return module.isNamed() ? List.of("-m", module.getName() + "/" + main.getName()) : List.of(main.getName());
    }

    /** Returns the text of an argument file with all options; the given ones come last and take precedence. */
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

    /** Makes the entries absolute, since a child may have another working directory. */
    private static String absolute(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Adds the grants of the jar's manifest as options, since they do not apply to a jar on the class path of the child. */
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
