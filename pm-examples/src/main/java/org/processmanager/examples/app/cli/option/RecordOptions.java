package org.processmanager.examples.app.cli.option;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether the load of processes is recorded in the event log. */
public final class RecordOptions {
    /** Below this the sampling itself becomes the load. */
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private static final Duration USUAL = Duration.ofSeconds(1);

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--record",
            description = "Log the CPU and memory of the processes once a second, for pm report and pm trace.")
    private boolean record;

    @Option(
            names = "--record-every",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The same, at this interval, as 200ms.")
    private @Nullable Duration every;

    /**
     * Returns the interval of samples, or null if none are wanted.
     *
     * @throws ParameterException if it is too short
     */
    public @Nullable Duration interval() {
        Duration given = every;
        if (given != null && given.compareTo(SHORTEST) < 0 && spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "--record-every: " + Durations.text(given) + " (expected: 10ms or more)");
        }
        return given == null && record ? USUAL : given;
    }
}
