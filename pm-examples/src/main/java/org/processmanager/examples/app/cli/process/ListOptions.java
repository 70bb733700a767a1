package org.processmanager.examples.app.cli.process;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which processes are listed, and whether as a tree. */
public final class ListOptions {
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

    @Option(names = "--tree", description = "Children below their parents.")
    private boolean tree;

    /** Returns which processes are listed. */
    public ProcessFilter filter() {
        return new ProcessFilter(name, user, port, kernelThreads);
    }

    public boolean tree() {
        return tree;
    }
}
