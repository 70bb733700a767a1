package org.processmanager.core.internal.launch.spec;

import java.nio.charset.StandardCharsets;
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

    /** A program of the library's own: without streams and environment, in the root folder. */
    public static LaunchSpec quiet(String name, List<String> commandLine, Ties ties) {
        StreamsSpec none = new StreamsSpec(
                new InputSpec.Empty(), new OutputSpec.Discard(), new OutputSpec.Discard(), StandardCharsets.US_ASCII);
        return new LaunchSpec(
                name,
                commandLine,
                EnvironmentSpec.INHERITED.clear(),
                Path.of("/"),
                none,
                null,
                StopPolicy.immediateKill(),
                LaunchAttributes.INHERITED,
                ties);
    }

    /** The same with other streams. */
    public LaunchSpec with(StreamsSpec others) {
        return new LaunchSpec(name, commandLine, environment, directory, others, timeout, stopPolicy, attributes, ties);
    }

    /** The program as the caller wrote it. */
    public String program() {
        return commandLine.get(0);
    }

    /** Whether it gets a session of its own. */
    public boolean leadsSession() {
        return switch (attributes.placement()) {
            case OWN_SESSION -> true;
            case OWN_GROUP -> ties.dieWithParent();
            case AUTOMATIC -> ties.dieWithParent() || !inheritsStream();
        };
    }

    /** Whether a standard stream is the JVM's own; then the child stays in its group and session, if it may outlive it. */
    public boolean inheritsStream() {
        return streams.inherits();
    }

    /** Whether it leads a process group, whose number is its own. */
    public boolean leadsGroup() {
        return leadsSession() || attributes.placement() == Placement.OWN_GROUP;
    }

    /** A copy whose arguments name the file that the program reads for some of them, if there is one. */
    public LaunchSpec filled(String file) {
        PrivateFile arguments = ties.file();
        return arguments == null
                ? this
                : new LaunchSpec(
                        name,
                        arguments.fill(commandLine, file),
                        environment,
                        directory,
                        streams,
                        timeout,
                        stopPolicy,
                        attributes,
                        ties);
    }

    /** A copy with another environment. */
    public LaunchSpec with(EnvironmentSpec changed) {
        return new LaunchSpec(name, commandLine, changed, directory, streams, timeout, stopPolicy, attributes, ties);
    }
}
