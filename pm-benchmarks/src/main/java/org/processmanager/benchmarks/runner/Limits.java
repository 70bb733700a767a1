package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.report.Figures;
import org.processmanager.benchmarks.report.Run;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Unit;

/** The limit of the machine for messages, as a footnote: the rate of copying from one processor to another. */
public final class Limits {
    private static final int TRIES = 3; // the best attempt counts: in others one side may have waited for a processor
    private static final int MILLIS = 300;
    private static final int BLOCK_BYTES = 16_384;
    private static final int MESSAGE_BYTES = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private Limits() {}

    public static String copying(Commands commands) throws InterruptedException {
        try {
            double gigabytes = 0;
            for (int i = 0; i < TRIES; i++) {
                gigabytes = Math.max(gigabytes, gigabytesPerSecond(commands));
            }
            return String.format(
                    Locale.ROOT,
                    "memcpy between processors: %.1f GB/s, as much as %.0f M messages/s of %d bytes",
                    gigabytes,
                    gigabytes * 1e3 / MESSAGE_BYTES,
                    MESSAGE_BYTES);
        } catch (IOException | UnavailableException e) {
            return "memcpy between processors: not measured, " + e.getMessage();
        }
    }

    private static double gigabytesPerSecond(Commands commands)
            throws IOException, UnavailableException, InterruptedException {
        Program memcpy = new Program.C("memcpy.c", Params.of("millis", MILLIS, "bytes", BLOCK_BYTES));
        try (Fork fork = Fork.start(scratch -> commands.command(memcpy, List.of(), Params.of("scratch", scratch)))) {
            ForkOutcome outcome = fork.await(TIMEOUT);
            if (!outcome.isVerified()) {
                throw new IOException(outcome.failure());
            }
            Run run = new Run("memcpy", Placement.NEAR, outcome.results(), outcome.notes(), "");
            return new Figures("limits", "memcpy", Unit.MILLIONS_PER_SECOND)
                    .rows(List.of(run))
                    .get(0)
                    .median();
        }
    }
}
