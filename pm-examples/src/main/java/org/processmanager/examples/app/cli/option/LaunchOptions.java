package org.processmanager.examples.app.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.examples.app.cli.option.LimitConverter.Limit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options for the launch of a program. */
public final class LaunchOptions {
    /**
     * An environment variable.
     *
     * @param key its name
     * @param value its value
     */
    record Variable(String key, String value) {}

    @Option(names = "--dir", paramLabel = "DIR", description = "The working directory.")
    private @Nullable Path directory;

    @Option(
            names = "--env",
            paramLabel = "K=V",
            converter = VariableConverter.class,
            description = "An environment variable; may be given several times.")
    private List<Variable> environment = new ArrayList<>();

    @Option(
            names = "--limit",
            paramLabel = "NAME=VALUE",
            split = ",",
            converter = LimitConverter.class,
            description = "Limits of each process, separated by commas: " + LimitConverter.NAMES + ".")
    private List<Limit> limits = new ArrayList<>();

    @Option(names = "--nice", paramLabel = "N", description = "The niceness, from -20, served first, to 19.")
    private @Nullable Integer nice;

    @Option(
            names = "--umask",
            paramLabel = "MASK",
            converter = OctalConverter.class,
            description = "The permissions that new files do not get, in octal.")
    private @Nullable Integer umask;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Run as this user, a name or a number; a number that no user has needs --group as well.")
    private @Nullable String user;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Run in this group, a name or a number; by default that of the user.")
    private @Nullable String group;

    @Option(
            names = "--groups",
            paramLabel = "GROUPS",
            description = "The supplementary groups, separated by commas, '' for none; by default those of the user.")
    private @Nullable String groups;

    @Option(names = "--new-session", description = "Run in a session of its own, without the terminal's signals.")
    private boolean newSession;

    @Option(
            names = "--die-with-parent",
            description = "End the program and its descendants also if pm is killed with kill -9.")
    private boolean dieWithParent;

    /**
     * Returns a command with these options.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public Command apply(Command command) {
        Command changed = command;
        if (directory != null) {
            changed = changed.directory(directory);
        }
        for (Variable variable : environment) {
            changed = changed.env(variable.key(), variable.value());
        }
        Set<String> limited = new HashSet<>();
        for (Limit limit : limits) {
            if (!limited.add(limit.name())) {
                throw new IllegalArgumentException("--limit: " + limit.name() + " twice (expected: each once)");
            }
            changed = changed.limits(limit.change());
        }
        if (nice != null) {
            changed = changed.nice(nice);
        }
        if (umask != null) {
            changed = changed.umask(umask);
        }
        if (user != null) {
            changed = changed.user(user);
        }
        if (group != null) {
            changed = changed.group(group);
        }
        if (groups != null) {
            changed = changed.supplementaryGroups(groups.isEmpty() ? new String[0] : groups.split(",", -1));
        }
        if (dieWithParent) {
            changed = changed.dieWithParent();
        }
        return newSession ? changed.newSession() : changed;
    }

    static final class VariableConverter implements ITypeConverter<Variable> {
        @Override
        public Variable convert(String text) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw new TypeConversionException("'" + text + "' (expected: NAME=VALUE)");
            }
            return new Variable(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    static final class OctalConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                return Integer.parseInt(text, 8);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' (expected: octal digits, as 027)");
            }
        }
    }
}
