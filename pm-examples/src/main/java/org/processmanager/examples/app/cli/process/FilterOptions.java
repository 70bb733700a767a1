package org.processmanager.examples.app.cli.process;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.monitor.ProcessSnapshot;
import picocli.CommandLine.Option;

/** Options that say which processes are listed. */
final class FilterOptions {
    @Option(
            names = "--name",
            paramLabel = "TEXT",
            description = "Only processes with this text in the name of their program or main class.")
    private @Nullable String name;

    @Option(names = "--user", paramLabel = "NAME", description = "Only processes of this user.")
    private @Nullable String user;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Only processes that listen on this TCP or UDP port; those of other users are not found.")
    private @Nullable Integer port;

    @Option(names = "--kernel-threads", description = "Also threads of the kernel.")
    private boolean kernelThreads;

    /** Returns the processes that are meant; reads the sockets of all if a port is given. */
    List<ProcessSnapshot> apply(List<ProcessSnapshot> all) {
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
            Set<Long> pids = new HashSet<>();
            ProcessSelection.listeningOn(port).forEach(process -> pids.add(process.pid()));
            wanted = wanted.and(process -> pids.contains(process.pid()));
        }
        return all.stream().filter(wanted).toList();
    }

    /** Returns whether any option limits the processes to a part of those with a program. */
    boolean isSet() {
        return name != null || user != null || port != null;
    }
}
