package org.processmanager.core.supervise;

import java.time.Duration;
import java.util.Objects;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.Probe;
import org.processmanager.core.internal.manager.CommandChecks;

/**
 * How a running process is checked. When the checks have failed several times in a row, the process is stopped and counts as
 * failed, so that its {@link Restart} applies. An immutable value.
 */
@CheckReturnValue
public final class Health {
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int FAILURES = 3;

    private final String what;
    private final Probe probe;
    private final Duration period;
    private final Duration timeout;
    private final int failures;

    private Health(String what, Probe probe, Duration period, Duration timeout, int failures) {
        this.what = what;
        this.probe = probe;
        this.period = period;
        this.timeout = timeout;
        this.failures = failures;
    }

    /**
     * Returns checks every ten seconds, of at most five seconds each, of which three must fail in a row.
     *
     * @param what what is checked, for messages, for example {@code "a reply to GET /health"}
     * @param probe the check
     * @return the value
     */
    public static Health probe(String what, Probe probe) {
        return new Health(
                Objects.requireNonNull(what, "what"),
                Objects.requireNonNull(probe, "probe"),
                PERIOD,
                TIMEOUT,
                FAILURES);
    }

    /**
     * Returns a copy with another pause between checks, which also comes before the first one.
     *
     * @param period from the end of a check to the next one
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Health every(Duration period) {
        return new Health(what, probe, CommandChecks.positive("period", period), timeout, failures);
    }

    /**
     * Returns a copy with another limit of each check, after which it has failed and its thread is interrupted.
     *
     * @param timeout the limit
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Health timeout(Duration timeout) {
        return new Health(what, probe, period, CommandChecks.positive("timeout", timeout), failures);
    }

    /**
     * Returns a copy that tolerates another number of failed checks.
     *
     * @param failures how many checks must fail in a row
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Health failures(int failures) {
        if (failures <= 0) {
            throw new IllegalArgumentException("failures: " + failures + " (expected: > 0)");
        }
        return new Health(what, probe, period, timeout, failures);
    }

    String what() {
        return what;
    }

    Probe probe() {
        return probe;
    }

    Duration period() {
        return period;
    }

    Duration timeout() {
        return timeout;
    }

    int failures() {
        return failures;
    }
}
