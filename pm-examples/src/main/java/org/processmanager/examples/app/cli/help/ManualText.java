package org.processmanager.examples.app.cli.help;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of all commands, in the language of man. */
final class ManualText {
    private final StringBuilder page = new StringBuilder();

    private ManualText() {}

    static String of(CommandLine root, String version) {
        ManualText text = new ManualText();
        text.line(".TH PM 1 \"\" \"" + version + "\" \"User Commands\"");
        text.section("NAME");
        text.paragraph("pm - " + summary(root).replaceAll("\\.$", ""));
        text.section("SYNOPSIS");
        text.paragraph(synopsis(root));
        text.section("DESCRIPTION");
        text.descriptionOf(root.getCommandSpec());
        text.section("OPTIONS");
        text.paragraph("Options of every command:");
        text.arguments(root.getCommandSpec(), true);
        text.section("COMMANDS");
        root.getSubcommands().values().forEach(text::command);
        text.section("EXAMPLES");
        text.examples(root);
        return text.page.toString();
    }

    private void command(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        line(".SS " + escaped(spec.qualifiedName()));
        paragraph(synopsis(command));
        descriptionOf(spec);
        arguments(spec, false);
        examples(command);
        command.getSubcommands().values().forEach(this::command);
    }

    private void descriptionOf(CommandSpec spec) {
        for (String part : spec.usageMessage().description()) {
            if (part.startsWith(" ")) {
                line(".br");
                line(escaped(part.strip().replace("%%", "%")));
            } else if (!part.isEmpty()) {
                paragraph(part.replace("%%", "%"));
            }
        }
    }

    private void arguments(CommandSpec spec, boolean inherited) {
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            item(parameter.paramLabel(), parameter.description());
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && (inherited || !option.inherited() && !isStandard(option))) {
                String label = option.arity().max() > 0 ? " " + option.paramLabel() : "";
                item(String.join(", ", option.names()) + label, option.description());
            }
        }
    }

    /** Returns whether every command has the option, which is described once. */
    private static boolean isStandard(OptionSpec option) {
        return option.usageHelp() || option.versionHelp();
    }

    private void examples(CommandLine command) {
        List<String> examples = HelpExamples.of(command);
        if (!examples.isEmpty()) {
            line(".PP");
            line(".nf");
            examples.forEach(example -> line("    " + escaped(example)));
            line(".fi");
        }
    }

    private void item(String term, String[] description) {
        line(".TP");
        line("\\fB" + escaped(term) + "\\fR");
        line(escaped(String.join(" ", description).replace("%%", "%")));
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void paragraph(String text) {
        line(".PP");
        line(escaped(text));
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }

    private static String synopsis(CommandLine command) {
        Help help = new Help(command.getCommandSpec(), Help.defaultColorScheme(Ansi.OFF));
        return Stream.of(help.synopsis(0).split("\\s+")).collect(Collectors.joining(" "));
    }

    /** Returns the first line of the description of a command. */
    static String summary(CommandLine command) {
        return first(command.getCommandSpec().usageMessage().description());
    }

    static String first(String[] lines) {
        return lines.length == 0 ? "" : lines[0].replace("%%", "%");
    }
}
