package org.processmanager.examples.app.cli.up;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Ready;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopPolicy.Step;
import org.processmanager.core.supervise.Restart;
import org.processmanager.examples.app.cli.SimilarNames;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.up.Service.Dependency;
import org.processmanager.examples.app.cli.up.Service.MistakeException;
import org.processmanager.examples.app.cli.up.Service.Position;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import picocli.CommandLine.TypeConversionException;

/** The TOML format: a table for each process, named like it. */
final class TomlFile {
    private static final String COMMAND = "command";
    private static final String DIRECTORY = "directory";
    private static final String ENV = "env";
    private static final String DEPENDS_ON = "depends_on";
    private static final String READY_LINE = "ready_line";
    private static final String READY_PORT = "ready_port";
    private static final String READY_FILE = "ready_file";
    private static final String READY_TIMEOUT = "ready_timeout";
    private static final String RESTART = "restart";
    private static final String RESTART_DELAY = "restart_delay";
    private static final String RESTART_LONGEST_DELAY = "restart_longest_delay";
    private static final String RESTART_LIMIT = "restart_limit";
    private static final String STOP_SIGNAL = "stop_signal";
    private static final String STOP_GRACE = "stop_grace";
    private static final List<String> KEYS = List.of(
            COMMAND,
            DIRECTORY,
            ENV,
            DEPENDS_ON,
            READY_LINE,
            READY_PORT,
            READY_FILE,
            READY_TIMEOUT,
            RESTART,
            RESTART_DELAY,
            RESTART_LONGEST_DELAY,
            RESTART_LIMIT,
            STOP_SIGNAL,
            STOP_GRACE);

    private static final Pattern LIMIT = Pattern.compile("(\\d{1,9}) in (\\S+)");
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration KILL_BOUND = Duration.ofSeconds(5);

    private final TomlTable table;
    private final String name;

    private TomlFile(TomlTable table, String name) {
        this.table = table;
        this.name = name;
    }

    /**
     * Reads the text of a file.
     *
     * @param directory the directory of the file, where its processes run unless they have one
     * @throws MistakeException if it is malformed
     */
    static List<Service> parse(String text, Path directory) {
        TomlParseResult file = Toml.parse(text);
        if (file.hasErrors()) {
            TomlParseError first = file.errors().get(0);
            throw new MistakeException(position(first.position()), String.valueOf(first.getMessage()));
        }
        List<Service> services = new ArrayList<>();
        for (String name : file.keySet()) {
            Position position = position(file.inputPositionOf(List.of(name)));
            if (!(file.get(List.of(name)) instanceof TomlTable table)) {
                throw new MistakeException(
                        position, name + " is no table (expected: [" + name + "] with the keys of it)");
            }
            services.add(new TomlFile(table, name).service(position, directory));
        }
        return services;
    }

    private Service service(Position position, Path base) {
        for (String key : table.keySet()) {
            if (!KEYS.contains(key)) {
                List<String> similar = SimilarNames.among(KEYS, key);
                throw mistake(
                        key,
                        "there is no such key ("
                                + (similar.isEmpty()
                                        ? "expected: one of " + String.join(", ", KEYS)
                                        : "did you mean " + String.join(", ", similar) + "?")
                                + ")");
            }
        }
        if (!has(COMMAND)) {
            throw new MistakeException(position, name + ": no command (expected: command = \"...\")");
        }
        String directory = text(DIRECTORY);
        Path working = directory == null ? base : base.resolve(directory);
        Duration timeout = duration(READY_TIMEOUT);
        return new Service(
                name,
                position,
                command(),
                working,
                environment(),
                dependencies(),
                ready(working),
                timeout == null ? Service.READY_TIMEOUT : timeout,
                restart(),
                stopPolicy());
    }

    private List<String> command() {
        Object value = table.get(List.of(COMMAND));
        if (value instanceof TomlArray array) {
            List<String> line = strings(COMMAND, array);
            if (line.isEmpty() || line.get(0).isBlank()) {
                throw mistake(COMMAND, "no program (expected: a program and its arguments)");
            }
            return line;
        }
        if (!(value instanceof String script) || script.isBlank()) {
            throw mistake(
                    COMMAND, "not a command (expected: \"a line for the shell\", or [\"program\", \"argument\"])");
        }
        return List.of("/bin/sh", "-c", script);
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        if (has(ENV)) {
            if (!(table.get(List.of(ENV)) instanceof TomlTable given)) {
                throw mistake(ENV, "no table (expected: { NAME = \"value\" })");
            }
            for (String key : given.keySet()) {
                Object value = given.get(List.of(key));
                if (!(value instanceof String || value instanceof Long || value instanceof Boolean)) {
                    throw mistake(
                            position(given.inputPositionOf(List.of(key))),
                            ENV + "." + key,
                            "no text (expected: \"value\")");
                }
                if (key.isEmpty() || key.indexOf('=') >= 0) {
                    throw mistake(
                            position(given.inputPositionOf(List.of(key))),
                            ENV,
                            "\"" + key + "\" cannot name a variable");
                }
                variables.put(key, value.toString());
            }
        }
        return variables;
    }

    private List<Dependency> dependencies() {
        Object value = table.get(List.of(DEPENDS_ON));
        if (value == null) {
            return List.of();
        }
        if (value instanceof String one) {
            return List.of(new Dependency(one, at(DEPENDS_ON)));
        }
        if (!(value instanceof TomlArray array)) {
            throw mistake(DEPENDS_ON, "not names (expected: [\"name\", ...])");
        }
        List<String> names = strings(DEPENDS_ON, array);
        List<Dependency> dependencies = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            dependencies.add(new Dependency(names.get(i), position(array.inputPositionOf(i))));
        }
        return dependencies;
    }

    private @Nullable Ready ready(Path directory) {
        List<String> given = KEYS.subList(KEYS.indexOf(READY_LINE), KEYS.indexOf(READY_TIMEOUT)).stream()
                .filter(this::has)
                .toList();
        if (given.size() > 1) {
            throw mistake(given.get(1), given.get(0) + " is given too (expected: one of them)");
        }
        if (given.isEmpty()) {
            if (has(READY_TIMEOUT)) {
                throw mistake(
                        READY_TIMEOUT, "nothing is awaited (expected: with ready_line, ready_port or ready_file)");
            }
            return null;
        }
        String line = text(READY_LINE);
        String file = text(READY_FILE);
        try {
            if (line != null) {
                return Ready.line(line);
            }
            return file != null ? Ready.file(directory.resolve(file)) : Ready.port(port());
        } catch (PatternSyntaxException e) {
            throw mistake(READY_LINE, e.getDescription() + " in \"" + line + "\"");
        } catch (IllegalArgumentException e) {
            throw mistake(given.get(0), String.valueOf(e.getMessage()));
        }
    }

    private int port() {
        if (table.get(List.of(READY_PORT)) instanceof Long port && port == port.intValue()) {
            return port.intValue();
        }
        throw mistake(READY_PORT, table.get(List.of(READY_PORT)) + " (expected: a number from 1 to 65535)");
    }

    private Restart restart() {
        Restart restart = delayed();
        String limit = text(RESTART_LIMIT);
        if (limit == null) {
            return restart;
        }
        if (!restart.restartsAfter(false)) {
            throw mistake(
                    RESTART_LIMIT, "it is never restarted (expected: with restart = \"on-failure\" or \"always\")");
        }
        Matcher form = LIMIT.matcher(limit);
        try {
            if (form.matches()) {
                return restart.atMost(Integer.parseInt(form.group(1)), new Durations().convert(form.group(2)));
            }
        } catch (IllegalArgumentException | TypeConversionException e) {
            throw mistake(RESTART_LIMIT, String.valueOf(e.getMessage()));
        }
        throw mistake(RESTART_LIMIT, "\"" + limit + "\" (expected: a number of restarts and a time, as \"5 in 1m\")");
    }

    private Restart delayed() {
        String when = text(RESTART);
        Restart restart =
                switch (when == null ? "never" : when) {
                    case "never" -> Restart.never();
                    case "on-failure" -> Restart.onFailure();
                    case "always" -> Restart.always();
                    default -> throw mistake(RESTART, "\"" + when + "\" (expected: never, on-failure or always)");
                };
        Duration first = duration(RESTART_DELAY);
        Duration longest = duration(RESTART_LONGEST_DELAY);
        if (first == null && longest == null) {
            return restart;
        }
        Duration bound = longest == null ? LONGEST_DELAY : longest;
        Duration begin = first == null ? FIRST_DELAY : first;
        try {
            return restart.backOff(begin, longest == null && begin.compareTo(bound) > 0 ? begin : bound);
        } catch (IllegalArgumentException e) {
            throw mistake(longest == null ? RESTART_DELAY : RESTART_LONGEST_DELAY, String.valueOf(e.getMessage()));
        }
    }

    private StopPolicy stopPolicy() {
        String signal = text(STOP_SIGNAL);
        Duration grace = duration(STOP_GRACE);
        if (signal == null && grace == null) {
            return StopPolicy.defaults();
        }
        try {
            Signal first = signal == null ? Signal.TERM : Signal.named(signal);
            return StopPolicy.of(
                    Step.signal(first, grace == null ? GRACE : grace), Step.signal(Signal.KILL, KILL_BOUND));
        } catch (IllegalArgumentException e) {
            throw mistake(STOP_SIGNAL, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Duration duration(String key) {
        Object value = table.get(List.of(key));
        if (value == null) {
            return null;
        }
        try {
            return new Durations().convert(value.toString()); // a number is seconds
        } catch (TypeConversionException e) {
            throw mistake(key, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String text(String key) {
        Object value = table.get(List.of(key));
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw mistake(key, value + " (expected: text, in quotes)");
    }

    private List<String> strings(String key, TomlArray array) {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.get(i) instanceof String text)) {
                throw mistake(position(array.inputPositionOf(i)), key, array.get(i) + " (expected: text, in quotes)");
            }
            strings.add(text);
        }
        return strings;
    }

    private boolean has(String key) {
        return table.get(List.of(key)) != null;
    }

    private Position at(String key) {
        return position(table.inputPositionOf(List.of(key)));
    }

    private MistakeException mistake(String key, String what) {
        return mistake(at(key), key, what);
    }

    private MistakeException mistake(Position position, String key, String what) {
        return new MistakeException(position, name + "." + key + ": " + what);
    }

    private static Position position(@Nullable TomlPosition position) {
        return position == null ? new Position(1, 1) : new Position(position.line(), position.column());
    }
}
