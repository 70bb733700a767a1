package org.processmanager.benchmarks.multiprocess;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The rounds of a fork. Most have one. A fork that takes long to prepare stays for all rounds of its case: it says when it is
 * ready, and measures whenever its input tells it to.
 */
public final class Rounds {
    /** Field: the fork stays until its input ends. */
    public static final String STAYS = "stays";

    private final Results results;
    private final BufferedReader orders;
    private final boolean stays;
    private Params settings;
    private int begun;

    public Rounds(Params settings, Results results, InputStream orders) {
        this.settings = settings;
        this.results = results;
        this.stays = settings.has(STAYS);
        this.orders = new BufferedReader(new InputStreamReader(orders, StandardCharsets.UTF_8));
    }

    /** Hands over the results of the round before; waits for the next one, if there may be one. */
    public boolean next() throws IOException {
        if (!stays) {
            return begun++ == 0;
        }
        if (begun++ == 0) {
            results.ready();
        } else {
            results.verified();
        }
        String order = orders.readLine();
        if (order == null) {
            return false;
        }
        settings = settings.with(Params.ofLine(order));
        return true;
    }

    /** Of this round. */
    public Params settings() {
        return settings;
    }
}
