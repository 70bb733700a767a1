package org.processmanager.examples.app.cli.up;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.SimilarNames;
import org.processmanager.examples.app.cli.up.Service.Dependency;
import org.processmanager.examples.app.cli.up.Service.MistakeException;
import org.processmanager.examples.app.cli.up.Service.Position;

/** The processes that a file lists, checked, in the order of their start: each after those that it depends on. */
final class UpFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+@-]{0,63}");

    private final Map<String, Service> services;

    private UpFile(Map<String, Service> services) {
        this.services = services;
    }

    /**
     * Reads a file: TOML if its name ends in {@code .toml}, else a Procfile.
     *
     * @throws CommandFailure if it cannot be read, or has a mistake, with its line and column
     */
    static UpFile read(Path file) {
        try {
            String text = Files.readString(file);
            Path directory =
                    Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
            List<Service> listed = file.toString().endsWith(".toml")
                    ? TomlFile.parse(text, directory)
                    : Procfile.parse(text, directory);
            return new UpFile(ordered(checked(listed)));
        } catch (MistakeException e) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT, file + ":" + e.line() + ":" + e.column() + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    "there is no file " + file + " (expected: a Procfile, or a file that ends in .toml)",
                    e);
        } catch (CharacterCodingException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, file + " is not text in UTF-8", e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Service> checked(List<Service> listed) {
        if (listed.isEmpty()) {
            throw new MistakeException(new Position(1, 1), "lists no process (expected: at least one)");
        }
        Map<String, Service> services = new LinkedHashMap<>();
        for (Service service : listed) {
            if (!NAME.matcher(service.name()).matches()) {
                throw new MistakeException(
                        service.position(),
                        "name: \"" + service.name()
                                + "\" (expected: a letter or digit, then up to 63 letters, digits and . _ + @ -)");
            }
            Service other = services.put(service.name(), service);
            if (other != null) {
                throw new MistakeException(
                        service.position(),
                        "the name " + service.name() + " is used in line "
                                + other.position().line() + " too");
            }
        }
        return services;
    }

    private static Map<String, Service> ordered(Map<String, Service> services) {
        Map<String, Service> ordered = new LinkedHashMap<>();
        services.values().forEach(service -> append(service, services, List.of(), ordered));
        return ordered;
    }

    private static void append(
            Service service, Map<String, Service> all, List<String> dependents, Map<String, Service> ordered) {
        if (ordered.containsKey(service.name())) {
            return;
        }
        List<String> path = new ArrayList<>(dependents);
        path.add(service.name());
        for (Dependency dependency : service.dependencies()) {
            Service needed = all.get(dependency.name());
            if (needed == null) {
                throw new MistakeException(
                        dependency.position(),
                        service.name() + " depends on " + dependency.name() + ", which the file does not list"
                                + suggestion(all.keySet(), dependency.name()));
            }
            int start = path.indexOf(dependency.name());
            if (start >= 0) {
                throw new MistakeException(
                        dependency.position(),
                        "processes depend on each other: " + String.join(" -> ", path.subList(start, path.size()))
                                + " -> " + dependency.name() + " (expected: no cycle)");
            }
            append(needed, all, path, ordered);
        }
        ordered.put(service.name(), service);
    }

    private static String suggestion(Collection<String> names, String name) {
        return SimilarNames.hint(
                SimilarNames.among(names, name), " (expected: one of " + String.join(", ", names) + ")");
    }

    /**
     * Returns some of the processes and all that they depend on, in the order of their start.
     *
     * @param names their names; none for all processes
     * @throws CommandFailure if one is not listed
     */
    List<Service> select(List<String> names) {
        if (names.isEmpty()) {
            return List.copyOf(services.values());
        }
        Map<String, Service> selected = new LinkedHashMap<>();
        for (String name : names) {
            Service service = services.get(name);
            if (service == null) {
                throw new CommandFailure(
                        ExitCode.BAD_INPUT, "the file lists no process " + name + suggestion(services.keySet(), name));
            }
            add(service, selected);
        }
        return services.values().stream()
                .filter(service -> selected.containsKey(service.name()))
                .toList();
    }

    private void add(Service service, Map<String, Service> selected) {
        if (selected.put(service.name(), service) == null) {
            for (String name : service.dependencyNames()) {
                add(Objects.requireNonNull(services.get(name)), selected);
            }
        }
    }
}
