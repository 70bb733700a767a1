package org.processmanager.core.supervise;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.event.ChildState;

/**
 * A supervised process or thread at a moment.
 *
 * @param name its name
 * @param state its state
 * @param pid the pid, while there is a process
 * @param restarts how often it was started again
 * @param lastStatus the exit status of its last run that has ended, of a process
 * @param reason why it is in this state, as text; empty where the state says it all
 * @param nextRestart when it is started again, if it is {@link ChildState#BACKING_OFF}
 */
public record ChildSnapshot(
        String name,
        ChildState state,
        OptionalLong pid,
        int restarts,
        Optional<ExitStatus> lastStatus,
        Optional<String> reason,
        Optional<Instant> nextRestart) {}
