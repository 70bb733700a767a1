package org.processmanager.examples.app.cli.help;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A script for the completion of fish. */
final class FishCompletion {
    private static final Set<String> FILES = Set.of("FILE", "FILE|-", "DIR", "DIRECTORY", "ARGUMENT", "CMD");

    private final List<String> lines = new ArrayList<>();

    private FishCompletion() {}

    static String of(CommandLine root) {
        FishCompletion script = new FishCompletion();
        script.lines.add("# Completion of pm for fish. Made by: pm completion fish");
        script.lines.add("complete -c pm -f");
        script.add(root, List.of());
        return String.join("\n", script.lines) + "\n";
    }

    private void add(CommandLine command, List<String> path) {
        Set<String> subcommands = command.getSubcommands().keySet();
        String here = path.isEmpty()
                ? "true"
                : "__fish_seen_subcommand_from " + String.join("; and __fish_seen_subcommand_from ", path);
        String noneYet = path.isEmpty()
                ? "__fish_use_subcommand"
                : here
                        + (subcommands.isEmpty()
                                ? ""
                                : "; and not __fish_seen_subcommand_from " + String.join(" ", subcommands));
        command.getSubcommands()
                .forEach((name, sub) -> line(noneYet, "-a " + name + describe(ManualText.summary(sub))));
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.hidden() && (path.isEmpty() || !option.inherited())) {
                add(here, option);
            }
        }
        for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
            if (FILES.contains(parameter.paramLabel())) {
                line(noneYet, "-F");
            } else if (parameter.completionCandidates() != null) {
                line(noneYet, "-a " + quoted(values(parameter)));
            }
        }
        command.getSubcommands().forEach((name, sub) -> {
            List<String> below = new ArrayList<>(path);
            below.add(name);
            add(sub, below);
        });
    }

    private void add(String condition, OptionSpec option) {
        StringBuilder words = new StringBuilder();
        for (String name : option.names()) {
            words.append(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
                    .append(' ');
        }
        if (option.arity().min() > 0) {
            words.append(FILES.contains(option.paramLabel()) ? "-r -F " : "-x ");
            if (option.completionCandidates() != null) {
                words.append("-a ").append(quoted(values(option))).append(' ');
            }
        }
        line(condition, words.toString().strip() + describe(ManualText.first(option.description())));
    }

    private static String values(ArgSpec argument) {
        return String.join(" ", argument.completionCandidates());
    }

    private void line(String condition, String rest) {
        lines.add("complete -c pm " + (condition.equals("true") ? "" : "-n " + quoted(condition) + " ") + rest);
    }

    private static String describe(String text) {
        return text.isEmpty() ? "" : " -d " + quoted(text);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
