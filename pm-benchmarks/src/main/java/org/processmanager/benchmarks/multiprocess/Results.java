package org.processmanager.benchmarks.multiprocess;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The protocol between a fork and the runner: lines on the fork's standard output. All other lines are ignored.
 *
 * <pre>
 *   &#64;pm result variant=... count=... mean=... points=...    figures of one variant of the candidate
 *   &#64;pm note text=...                                       a remark for the reader of the report
 *   &#64;pm failed text=...                                     why the fork has no result
 *   &#64;pm ready                                               a staying fork is prepared and waits for a command
 *   &#64;pm verified                                            last line of a round: all work was checked
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
