package org.processmanager.examples.app.cli.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.monitor.ProcessSnapshot;

/**
 * Which processes are listed.
 *
 * @param name text in the name of the program or main class, in any case; null for all
 * @param user the user; null for all
 * @param port the port on which they listen; null for all
 * @param kernelThreads whether threads of the kernel are listed, too
 */
public record ProcessFilter(
        @Nullable String name,
        @Nullable String user,
        @Nullable Integer port,
        boolean kernelThreads) {
    private static final String USER = "user:";
    private static final String PORT = "port:";
    private static final int MOST_PORT = 65_535;

    /**
     * Returns the filter that a user has typed: text in the name, {@code user:NAME} and {@code port:N}, each at most once.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ProcessFilter parse(String text, boolean kernelThreads) {
        List<String> names = new ArrayList<>();
        String user = null;
        Integer port = null;
        for (String word : text.strip().split("\\s+")) {
            if (word.startsWith(USER)) {
                user = word.substring(USER.length());
            } else if (word.startsWith(PORT)) {
                port = port(word.substring(PORT.length()));
            } else if (!word.isEmpty()) {
                names.add(word);
            }
        }
        return new ProcessFilter(names.isEmpty() ? null : String.join(" ", names), user, port, kernelThreads);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MOST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // as any other bad port
        }
        throw new IllegalArgumentException(PORT + text + " (expected: a number from 1 to " + MOST_PORT + ")");
    }

    /** Returns the filter as a user types it. */
    public String text() {
        List<String> words = new ArrayList<>();
        if (name != null) {
            words.add(name);
        }
        if (user != null) {
            words.add(USER + user);
        }
        if (port != null) {
            words.add(PORT + port);
        }
        return String.join(" ", words);
    }

    /** Returns whether it limits the processes to a part of those with a program. */
    public boolean isSet() {
        return name != null || user != null || port != null;
    }

    /** Returns the processes that listen on the port, for {@link #apply}; reads the sockets of all, if there is a port. */
    public Set<Long> listening() {
        return port == null
                ? Set.of()
                : ProcessSelection.listeningOn(port).stream()
                        .map(ProcessSnapshot::pid)
                        .collect(Collectors.toSet());
    }

    /** Returns the processes that are meant, of which those listen on the port that were found to. */
    public List<ProcessSnapshot> apply(List<ProcessSnapshot> all, Set<Long> listening) {
        Predicate<ProcessSnapshot> wanted = process -> kernelThreads || !process.kernelThread();
        if (name != null) {
            String text = name.toLowerCase(Locale.ROOT);
            wanted = wanted.and(process -> ProcessSelection.names(process).stream()
                    .anyMatch(other -> other.toLowerCase(Locale.ROOT).contains(text)));
        }
        if (user != null) {
            wanted = wanted.and(process -> process.user().equals(user));
        }
        if (port != null) {
            wanted = wanted.and(process -> listening.contains(process.pid()));
        }
        return all.stream().filter(wanted).toList();
    }
}
