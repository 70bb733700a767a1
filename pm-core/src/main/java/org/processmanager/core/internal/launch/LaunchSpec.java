package org.processmanager.core.internal.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.StopPolicy;

/**
 * All that a launcher needs to know, checked.
 *
 * @param name for people
 * @param commandLine program and arguments
 * @param environment how it differs from the JVM's
 * @param directory the working directory, or null for the JVM's
 * @param streams its standard streams
 * @param timeout bounds the whole call, or null
 * @param stopPolicy how it is ended when the time is over
 * @param attributes limits, priorities, user, where it belongs
 * @param ties what ties it to this JVM
 */
public record LaunchSpec(
        String name,
        List<String> commandLine,
        EnvironmentSpec environment,
        @Nullable Path directory,
        StreamsSpec streams,
        @Nullable Duration timeout,
        StopPolicy stopPolicy,
        LaunchAttributes attributes,
        Ties ties) {

    /** The program as the caller wrote it. */
    public String program() {
        return commandLine.get(0);
    }

    /** Whether a standard stream is the JVM's own; then the child stays in its group and session. */
    public boolean inheritsStream() {
        return streams.inherits();
    }

    /** Whether it gets a session of its own. */
    boolean ownSession() {
        return switch (attributes.placement()) {
            case OWN_SESSION -> true;
            case OWN_GROUP -> false;
            case AUTOMATIC -> !inheritsStream();
        };
    }

    /** Whether it leads a process group, whose number is its own. */
    boolean leadsGroup() {
        return ownSession() || attributes.placement() == Placement.OWN_GROUP;
    }

    /** A copy with another environment. */
    LaunchSpec with(EnvironmentSpec changed) {
        return new LaunchSpec(
                name, commandLine, changed, directory, streams, timeout, stopPolicy, attributes, ties);
    }
}
