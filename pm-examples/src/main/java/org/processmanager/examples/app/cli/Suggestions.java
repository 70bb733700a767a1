package org.processmanager.examples.app.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.examples.app.cli.channel.ChannelCommand;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.sync.RegionException;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What can stand at a place of a command line: commands, options, and the things of this machine that an argument names. */
public final class Suggestions {
    private static final List<String> SIGNALS =
            List.of("HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "TERM", "CONT", "STOP");
    private static final int MAX_LISTED = 2000;

    private final NamedProcesses named;

    /**
     * Something that can be typed.
     *
     * @param text what is typed; a directory ends with a slash
     * @param description may be empty
     */
    public record Suggestion(String text, String description) {}

    Suggestions(NamedProcesses named) {
        this.named = named;
    }

    /**
     * Returns what can be typed next.
     *
     * @param root the model of all commands
     * @param words the words before
     * @param prefix what was typed of the next word; only files depend on it
     */
    public List<Suggestion> complete(CommandLine root, List<String> words, String prefix) {
        CommandLine command = root;
        OptionSpec open = null;
        int positionals = 0;
        boolean onlyArguments = false;
        for (String word : words) {
            if (open != null) {
                open = null;
            } else if (onlyArguments || !word.startsWith("-")) {
                CommandLine sub = positionals == 0 && !onlyArguments
                        ? command.getSubcommands().get(word)
                        : null;
                if (sub != null) {
                    command = sub;
                    continue;
                }
                positionals++;
                onlyArguments |= command.isStopAtPositional();
            } else if (word.equals("--")) {
                onlyArguments = true;
            } else {
                open = awaitingValue(command.getCommandSpec(), word);
            }
        }
        if (open != null) {
            return values(command.getCommandSpec(), open, prefix);
        }
        if (prefix.startsWith("-") && !onlyArguments) {
            return options(command.getCommandSpec());
        }
        List<Suggestion> found = new ArrayList<>();
        if (positionals == 0) {
            command.getSubcommands().forEach((name, sub) -> found.add(new Suggestion(name, summary(sub))));
        }
        PositionalParamSpec parameter = parameter(command.getCommandSpec(), positionals);
        if (parameter != null) {
            found.addAll(values(command.getCommandSpec(), parameter, prefix));
        }
        return found;
    }

    private static @Nullable OptionSpec awaitingValue(CommandSpec spec, String word) {
        OptionSpec option = word.contains("=") ? null : spec.findOption(word);
        return option != null && option.arity().min() > 0 ? option : null;
    }

    private static @Nullable PositionalParamSpec parameter(CommandSpec spec, int index) {
        return spec.positionalParameters().stream()
                .filter(parameter -> parameter.index().contains(index))
                .findFirst()
                .orElse(null);
    }

    private static List<Suggestion> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .map(option -> new Suggestion(option.longestName(), first(option.description())))
                .toList();
    }

    private static String summary(CommandLine command) {
        return first(command.getCommandSpec().usageMessage().description());
    }

    private static String first(String[] lines) {
        return lines.length == 0 ? "" : lines[0].replace("%%", "%");
    }

    private List<Suggestion> values(CommandSpec spec, ArgSpec argument, String prefix) {
        if (argument.completionCandidates() != null) {
            List<Suggestion> found = new ArrayList<>();
            argument.completionCandidates().forEach(value -> found.add(new Suggestion(value, "")));
            return found;
        }
        return switch (argument.paramLabel()) {
            case "NAME|PID" -> Stream.concat(names().stream(), pids().stream()).toList();
            case "NAME" ->
                argument.isOption()
                        ? List.of()
                        : spec.qualifiedName().contains("shm") ? plain(ShmCommand.names()) : names();
            case "PID" -> pids();
            case "REGION" -> plain(regions());
            case "ENDPOINT" -> endpoints();
            case "SIGNAL" -> plain(SIGNALS);
            case "COMMAND" -> plain(App.COMMANDS);
            case "CMD" -> prefix.contains("/") ? files(prefix) : programs(prefix);
            case "FILE", "FILE|-", "DIR", "DIRECTORY", "ARGUMENT" -> files(prefix);
            default -> List.of();
        };
    }

    private static List<Suggestion> plain(List<String> texts) {
        return texts.stream().map(text -> new Suggestion(text, "")).toList();
    }

    private List<Suggestion> names() {
        try {
            return named.states().entrySet().stream()
                    .map(entry -> new Suggestion(entry.getKey(), entry.getValue()))
                    .toList();
        } catch (ProcessManagerException e) {
            return List.of();
        }
    }

    private static List<Suggestion> pids() {
        return ProcessTable.list().stream()
                .filter(process -> !process.kernelThread())
                .map(process -> new Suggestion(Long.toString(process.pid()), process.name()))
                .toList();
    }

    private static List<String> regions() {
        try {
            return ShmCommand.names();
        } catch (CommandFailure | RegionException e) {
            return List.of();
        }
    }

    private static List<Suggestion> endpoints() {
        List<String> found = new ArrayList<>(List.of("mapped:", "fifo:", "unix:"));
        try {
            found.addAll(ChannelCommand.endpoints());
        } catch (CommandFailure | RegionException e) {
            // the schemes alone
        }
        return plain(found);
    }

    private static List<Suggestion> programs(String prefix) {
        TreeSet<String> found = new TreeSet<>();
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "" : path).split(File.pathSeparator)) {
            String[] names = new File(directory).list((in, name) -> name.startsWith(prefix));
            for (String name : names == null ? new String[0] : names) {
                if (found.size() < MAX_LISTED && new File(directory, name).canExecute()) {
                    found.add(name);
                }
            }
        }
        return plain(List.copyOf(found));
    }

    private static List<Suggestion> files(String prefix) {
        int slash = prefix.lastIndexOf('/') + 1;
        try (Stream<Path> files = Files.list(Path.of(slash == 0 ? "." : prefix.substring(0, slash)))) {
            return files.limit(MAX_LISTED)
                    .map(file -> prefix.substring(0, slash) + file.getFileName() + (Files.isDirectory(file) ? "/" : ""))
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .map(name -> new Suggestion(name, ""))
                    .toList();
        } catch (IOException | InvalidPathException e) {
            return List.of();
        }
    }
}
