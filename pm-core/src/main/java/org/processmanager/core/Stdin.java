package org.processmanager.core;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.processmanager.core.internal.launch.InputSpec;

/** What a program reads as its standard input. Immutable, for any number of launches. */
public final class Stdin {
    private static final Stdin EMPTY = new Stdin(new InputSpec.Empty());
    private static final Stdin INHERIT = new Stdin(new InputSpec.Inherit());
    private static final Stdin PIPE = new Stdin(new InputSpec.Pipe());

    private final InputSpec spec;

    private Stdin(InputSpec spec) {
        this.spec = spec;
    }

    InputSpec spec() {
        return spec;
    }

    /**
     * End of file at once; the default.
     *
     * @return the input
     */
    public static Stdin empty() {
        return EMPTY;
    }

    /**
     * These bytes, then end of file. A program that does not read them all is no error.
     *
     * @param content the bytes; they are copied
     * @return the input
     */
    public static Stdin of(byte[] content) {
        return new Stdin(new InputSpec.Bytes(content.clone()));
    }

    /**
     * This text in UTF-8, then end of file.
     *
     * @param content the text
     * @return the input
     */
    public static Stdin of(String content) {
        return new Stdin(new InputSpec.Bytes(content.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A file, which the program reads directly. Opened at each launch, which fails with
     * {@link LaunchException.BadStreamFile} if it cannot be.
     *
     * @param file the file; a relative one starts from the JVM's working directory
     * @return the input
     */
    public static Stdin of(Path file) {
        return new Stdin(new InputSpec.FromFile(Objects.requireNonNull(file, "file")));
    }

    /**
     * What the JVM itself reads. The program then stays in the JVM's process group and session.
     *
     * @return the input
     */
    public static Stdin inherit() {
        return INHERIT;
    }

    /**
     * What the caller writes to {@link ManagedProcess#stdin()}; for {@link Command#start()} alone.
     *
     * @return the input
     */
    public static Stdin pipe() {
        return PIPE;
    }
}
