package org.processmanager.benchmarks.multiprocess;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a fork tells the runner, as lines on standard output. All other lines are somebody's chatter.
 *
 * <pre>
 *   &#64;pm result variant=... count=... mean=... points=...    figures of one variant of the candidate
 *   &#64;pm note text=...                                       something a reader of the table should know
 *   &#64;pm failed text=...                                     why there is nothing to report
 *   &#64;pm ready                                               a fork that stays is prepared, and waits for an order
 *   &#64;pm verified                                            the last line, of a round: all work was checked
 * </pre>
 */
public final class Results {
    public static final String PREFIX = "@pm ";
    public static final String RESULT = "result ";
    public static final String NOTE = "note ";
    public static final String FAILED = "failed ";
    public static final String READY = "ready";
    public static final String VERIFIED = "verified";

    private final PrintStream out;
    private final List<Result> added = new ArrayList<>();

    public Results(PrintStream out) {
        this.out = out;
    }

    public void add(Result result) {
        added.add(result);
    }

    public void note(String text) {
        print(NOTE + Params.of("text", text));
    }

    void failed(Throwable reason) {
        String message = reason instanceof VerificationException ? reason.getMessage() : reason.toString();
        print(FAILED + Params.of("text", message));
    }

    void ready() {
        print(READY);
    }

    void verified() {
        added.forEach(result -> print(RESULT + result.toParams()));
        added.clear();
        print(VERIFIED);
    }

    private void print(String line) {
        out.print(PREFIX + line + "\n");
        out.flush();
    }
}
