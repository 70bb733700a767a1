package org.processmanager.core;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchAttributes;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.StreamsSpec;
import org.processmanager.core.internal.launch.spec.Ties;

/** The fields of a {@link Command}, changed only between the copy and its first use. */
final class CommandDraft implements Cloneable {
    private static final Charset NATIVE = nativeCharset();

    @Nullable
    ProcessManager manager;

    List<String> commandLine = List.of();

    @Nullable
    String name;

    @Nullable
    Path directory;

    EnvironmentSpec environment = EnvironmentSpec.INHERITED;
    Input stdin = Input.empty();

    @Nullable
    Output stdout;

    @Nullable
    Output stderr;

    @Nullable
    Duration timeout;

    Set<Integer> acceptedExitCodes = Set.of(0);
    boolean acceptAnyExit;
    StopPolicy stopPolicy = StopPolicy.defaults();
    Charset charset = NATIVE;
    LaunchAttributes attributes = LaunchAttributes.INHERITED;
    Ties ties = Ties.NONE;

    @Override
    public CommandDraft clone() {
        try {
            return (CommandDraft) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * What the launcher gets.
     *
     * @param unlessSaid what becomes of an output stream for which nothing was said
     */
    LaunchSpec spec(String calledName, Output unlessSaid) {
        StreamsSpec streams = new StreamsSpec(
                stdin.spec(charset),
                (stdout != null ? stdout : unlessSaid).spec(),
                (stderr != null ? stderr : unlessSaid).spec(),
                charset);
        return new LaunchSpec(
                calledName, commandLine, environment, directory, streams, timeout, stopPolicy, attributes, ties);
    }

    /** What programs of this system write: the locale's charset, which is not always the JVM's default. */
    private static Charset nativeCharset() {
        String name = System.getProperty("native.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }
}
