package org.processmanager.benchmarks.multiprocess;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The rounds of a fork. Most forks have one. A fork whose preparation takes long stays for all rounds of its case: it
 * reports when it is ready, and measures on each command from its input.
 */
public final class Rounds {
    /** Parameter: the fork stays until its input ends. */
    public static final String STAYS = "stays";

    private final Results results;
    private final BufferedReader commands;
    private final boolean stays;
    private Params settings;
    private int started;

    public Rounds(Params settings, Results results, InputStream commands) {
        this.settings = settings;
        this.results = results;
        this.stays = settings.has(STAYS);
        this.commands = new BufferedReader(new InputStreamReader(commands, StandardCharsets.UTF_8));
    }

    /**
     * Reports the results of the previous round, then blocks until the next one is to start; returns false if there
     * is none.
     */
    public boolean next() throws IOException {
        if (!stays) {
            return started++ == 0;
        }
        if (started++ == 0) {
            results.ready();
        } else {
            results.verified();
        }
        String command = commands.readLine();
        if (command == null) {
            return false;
        }
        settings = settings.with(Params.ofLine(command));
        return true;
    }

    /** Returns the parameters of this round. */
    public Params settings() {
        return settings;
    }
}
