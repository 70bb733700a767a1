package org.processmanager.core.internal.manager;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;

/** The end of this JVM by Ctrl-C, for which the terminal sends INT to all processes of the JVM's group. */
public final class TerminalInterrupt {
    /** The JVM handles a signal on a thread of this name, which waits for the end of the shutdown. */
    private static final String HANDLER = "SIGINT handler";

    private static final String STEP = "wait after the INT of the terminal";
    private static final int GROUP = 2;
    private static final int FOREGROUND_GROUP = 5;

    private TerminalInterrupt() {}

    /** Returns whether the JVM, which is shutting down, got INT while its group was in the foreground of a terminal. */
    public static boolean endsThisJvm() {
        return Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals(HANDLER))
                && isInForeground();
    }

    private static boolean isInForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            // After the name: state, parent, group, session, terminal, its foreground group
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[GROUP].equals(fields[FOREGROUND_GROUP]);
        } catch (IOException e) {
            return false; // not Linux
        }
    }

    /** Returns the policy with a step before it that only waits, for the bound of its first signal that can be acted on. */
    public static StopPolicy waitBefore(StopPolicy policy) {
        for (StopPolicy.Step step : policy.steps()) {
            if (step.action().isPresent()
                    || step.signal()
                            .filter(signal -> !signal.equals(Signal.KILL))
                            .isPresent()) {
                return waitBefore(policy, step.bound());
            }
        }
        return policy;
    }

    private static StopPolicy waitBefore(StopPolicy policy, Duration bound) {
        List<StopPolicy.Step> steps = new ArrayList<>();
        steps.add(StopPolicy.step(STEP, process -> {}, bound));
        steps.addAll(policy.steps());
        return new StopPolicy(steps);
    }
}
