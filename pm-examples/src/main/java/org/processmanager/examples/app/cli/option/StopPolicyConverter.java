package org.processmanager.examples.app.cli.option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopPolicy.Step;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts stop policies: {@code stdin:500ms,INT:2s,KILL:5s}. */
public final class StopPolicyConverter implements ITypeConverter<StopPolicy> {
    private static final String CLOSE_STDIN = "stdin";
    private static final String EXPECTED = " (expected: steps as stdin:500ms,TERM:5s,KILL:5s)";

    private final Durations durations = new Durations();

    @Override
    public StopPolicy convert(String text) {
        List<Step> steps = new ArrayList<>();
        for (String step : text.split(",", -1)) {
            steps.add(step(text, step));
        }
        return new StopPolicy(steps);
    }

    private Step step(String all, String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new TypeConversionException("'" + all + "'" + EXPECTED);
        }
        Duration bound = durations.convert(text.substring(colon + 1));
        String how = text.substring(0, colon);
        if (how.equals(CLOSE_STDIN)) {
            return Step.closeStdin(bound);
        }
        try {
            return Step.signal(Signal.named(how), bound);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + all + "': " + e.getMessage());
        }
    }
}
