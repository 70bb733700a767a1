package org.processmanager.core.internal.detached;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopPolicy.Step;
import org.processmanager.core.internal.launch.program.Environments;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.launch.spec.Rlimit;
import org.processmanager.core.internal.posix.PathText;

/**
 * What an entry starts, as a file: the command with the attributes that can be stored, the environment of its starter, and how
 * it is kept running.
 *
 * @param spec the command
 * @param environment the environment that the starter had
 * @param options how it is kept running
 */
public record CommandFile(LaunchSpec spec, Map<String, String> environment, DetachedOptions options) {
    private static final String ARGUMENT = "argument.";
    private static final String INHERITED = "inherited.";
    private static final String SET = "set.";
    private static final String UNSET = "unset.";
    private static final String LIMIT = "limit.";
    private static final String GROUP = "groups.";

    /** Variables that a JVM acts on: the shim is started without them, and gives them to the program. */
    private static final List<String> JVM_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    /**
     * Returns the file for a command that is started here and now.
     *
     * @throws IllegalArgumentException if it has an attribute that cannot be stored
     */
    public static CommandFile of(LaunchSpec spec, DetachedOptions options) {
        checkStorable(spec);
        return new CommandFile(spec, Environments.inherited(), options);
    }

    private static void checkStorable(LaunchSpec spec) {
        refuse(spec.stdin() != InputSpec.EMPTY, "stdin", "a detached process has none");
        refuse(spec.stdout() != null || spec.stderr() != null, "stdout and stderr", "the output goes to the log");
        refuse(spec.timeout() != null, "timeout", "a detached process has none");
        refuse(spec.listener() != null, "listener", "it may not outlive this JVM");
        refuse(!spec.resources().isEmpty(), "pass", "it may not outlive this JVM");
        refuse(spec.dieWithParent(), "dieWithParent", "a detached process outlives this JVM");
        refuse(spec.argv0() != null, "argv0", "it cannot be combined with a process that ends with its shim");
        refuse(
                spec.stopPolicy().steps().stream()
                        .anyMatch(step -> step.action().isPresent()),
                "an action in stopPolicy",
                "it may not outlive this JVM");
        refuse(spec.ioPriority() != null, "ioNice", "use the program ionice");
    }

    private static void refuse(boolean given, String attribute, String reason) {
        if (given) {
            throw new IllegalArgumentException("command: with " + attribute + " (expected: without; " + reason + ")");
        }
    }

    /** Returns whether a status is a success of the program. */
    public boolean isSuccess(ExitStatus status) {
        return spec.acceptsAnyExit()
                || status instanceof ExitStatus.Exited exited
                        && spec.acceptedExitCodes().contains(exited.code());
    }

    /** Returns whether another one runs the same program with the same arguments, and starts it again after the same ends. */
    public boolean isSameService(CommandFile other) {
        return spec.commandLine().equals(other.spec.commandLine())
                && options.restart().restartsAfter(true)
                        == other.options.restart().restartsAfter(true)
                && options.restart().restartsAfter(false)
                        == other.options.restart().restartsAfter(false);
    }

    /** Writes the file, and the arguments that the program reads from a file. */
    public void write(EntryFiles files) throws IOException {
        Map<String, String> content = new TreeMap<>();
        putAll(content, ARGUMENT, spec.commandLine());
        content.put("name", spec.name());
        Path directory = spec.directory() == null ? Path.of("") : spec.directory();
        content.put("directory", PathText.of(directory.toAbsolutePath()));
        environment.forEach((key, value) -> content.put(INHERITED + key, value));
        content.put("cleared", Boolean.toString(spec.environment().cleared()));
        spec.environment()
                .changes()
                .forEach((key, value) -> content.put((value.isPresent() ? SET : UNSET) + key, value.orElse("")));
        spec.limits().forEach((limit, range) -> content.put(LIMIT + limit.name(), range.soft() + ":" + range.hard()));
        put(content, "umask", spec.umask());
        put(content, "nice", spec.nice());
        if (!spec.cpus().isEmpty()) {
            content.put("cpus", spec.cpus().toString().replaceAll("[\\[\\] ]", ""));
        }
        put(content, "user", spec.user());
        put(content, "group", spec.group());
        if (spec.supplementaryGroups() != null) {
            content.put("groups", Integer.toString(spec.supplementaryGroups().size()));
            putAll(content, GROUP, spec.supplementaryGroups());
        }
        if (spec.cgroup() != null) {
            content.put("cgroup", PathText.of(spec.cgroup()));
        }
        PrivateFile arguments = spec.argumentFile();
        if (arguments != null) {
            content.put("argumentFile", arguments.argument() + ":" + arguments.content());
        }
        put(content, "accepted", spec.acceptedExitCodes().toString().replaceAll("[\\[\\] ]", ""));
        content.put("acceptsAnyExit", Boolean.toString(spec.acceptsAnyExit()));
        content.put("stopPolicy", text(spec.stopPolicy()));
        options.put(content);
        PropertiesFile.write(files.command(), content);
    }

    private static void put(Map<String, String> content, String key, @Nullable Object value) {
        if (value != null) {
            content.put(key, value.toString());
        }
    }

    private static void putAll(Map<String, String> content, String key, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            content.put(key + i, values.get(i));
        }
    }

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot be read, or does not have what it should
     */
    public static CommandFile read(EntryFiles files) throws IOException {
        Properties file = PropertiesFile.read(files.command());
        try {
            return new CommandFile(spec(file), values(file, INHERITED), DetachedOptions.of(file));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(files.command() + " is damaged: " + e.getMessage(), e);
        }
    }

    private static LaunchSpec spec(Properties file) {
        List<String> line = list(file, ARGUMENT);
        if (line.isEmpty()) {
            throw new IllegalArgumentException("no program");
        }
        Map<String, Optional<String>> changes = new HashMap<>();
        values(file, SET).forEach((key, value) -> changes.put(key, Optional.of(value)));
        values(file, UNSET).forEach((key, value) -> changes.put(key, Optional.empty()));
        Map<Rlimit, Rlimit.Range> limits = new EnumMap<>(Rlimit.class);
        values(file, LIMIT).forEach((name, range) -> limits.put(Rlimit.valueOf(name), range(range)));
        String groups = file.getProperty("groups");
        LaunchSpec spec = new LaunchSpec(line)
                .withName(file.getProperty("name", line.get(0)))
                .withDirectory(PathText.toPath(file.getProperty("directory", "/")))
                .withEnvironment(new EnvironmentSpec(Boolean.parseBoolean(file.getProperty("cleared")), changes))
                .withLimits(limits)
                .withThreadAttributes(number(file, "umask"), number(file, "nice"), null, numbers(file, "cpus"))
                .withCredentials(
                        file.getProperty("user"), file.getProperty("group"), groups == null ? null : list(file, GROUP));
        List<Integer> accepted = numbers(file, "accepted");
        if (!accepted.isEmpty()) {
            spec = spec.withAccepted(Set.copyOf(accepted), Boolean.parseBoolean(file.getProperty("acceptsAnyExit")));
        }
        String policy = file.getProperty("stopPolicy");
        if (policy != null) {
            spec = spec.withStopPolicy(stopPolicy(policy));
        }
        String cgroup = file.getProperty("cgroup");
        if (cgroup != null) {
            spec = spec.withCgroup(PathText.toPath(cgroup));
        }
        String arguments = file.getProperty("argumentFile");
        if (arguments != null) {
            int colon = arguments.indexOf(':');
            int index = Integer.parseInt(arguments.substring(0, colon));
            spec = spec.withArgumentFile(new PrivateFile(index, arguments.substring(colon + 1)));
        }
        return spec;
    }

    /** Returns the steps, as {@code 0=PT0.5S,15=PT5S,9=PT5S}: a signal, or 0 for the end of standard input, and its bound. */
    private static String text(StopPolicy policy) {
        return policy.steps().stream()
                .map(step -> step.signal().map(Signal::number).orElse(0) + "=" + step.bound())
                .collect(Collectors.joining(","));
    }

    private static StopPolicy stopPolicy(String text) {
        List<Step> steps = new ArrayList<>();
        for (String step : text.split(",")) {
            int equals = step.indexOf('=');
            int signal = Integer.parseInt(step.substring(0, equals));
            Duration bound = Duration.parse(step.substring(equals + 1));
            steps.add(signal == 0 ? Step.closeStdin(bound) : Step.signal(new Signal(signal), bound));
        }
        return new StopPolicy(steps);
    }

    private static Rlimit.Range range(String text) {
        int colon = text.indexOf(':');
        return new Rlimit.Range(Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
    }

    private static @Nullable Integer number(Properties file, String key) {
        String value = file.getProperty(key);
        return value == null ? null : Integer.valueOf(value);
    }

    private static List<Integer> numbers(Properties file, String key) {
        List<Integer> numbers = new ArrayList<>();
        String value = file.getProperty(key);
        if (value != null) {
            for (String number : value.split(",")) {
                numbers.add(Integer.valueOf(number));
            }
        }
        return List.copyOf(numbers);
    }

    private static List<String> list(Properties file, String key) {
        List<String> values = new ArrayList<>();
        for (String value = file.getProperty(key + 0); value != null; ) {
            values.add(value);
            value = file.getProperty(key + values.size());
        }
        return List.copyOf(values);
    }

    private static Map<String, String> values(Properties file, String prefix) {
        Map<String, String> values = new HashMap<>();
        for (String key : file.stringPropertyNames()) {
            if (key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), file.getProperty(key));
            }
        }
        return values;
    }

    /** Returns the environment for the shim, in which no variable changes how its JVM starts. */
    EnvironmentSpec shimEnvironment() {
        Map<String, Optional<String>> variables = new HashMap<>();
        environment.forEach((key, value) -> variables.put(key, Optional.of(value)));
        JVM_VARIABLES.forEach(variables::remove);
        return new EnvironmentSpec(true, variables);
    }

    /** Returns the command as the shim starts it, with the variables that the shim was started without. */
    LaunchSpec forShim() {
        EnvironmentSpec own = spec.environment();
        if (!own.cleared()) {
            for (String variable : JVM_VARIABLES) {
                String value = environment.get(variable);
                if (value != null && !own.changes().containsKey(variable)) {
                    own = own.with(variable, value);
                }
            }
        }
        return spec.withEnvironment(own);
    }
}
