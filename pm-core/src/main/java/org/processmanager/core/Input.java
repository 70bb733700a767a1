package org.processmanager.core;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.processmanager.core.internal.launch.spec.InputSpec;

/** What a program reads as its standard input. Immutable, for any number of launches. */
public final class Input {
    private static final Input EMPTY = new Input(InputSpec.EMPTY);
    private static final Input INHERIT = new Input(new InputSpec.Inherit());
    private static final Input PIPE = new Input(new InputSpec.Pipe());

    private final InputSpec spec;

    private Input(InputSpec spec) {
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
    public static Input empty() {
        return EMPTY;
    }

    /**
     * These bytes, then end of file. A program that does not read them all is no error.
     *
     * @param content the bytes; they are copied
     * @return the input
     */
    public static Input of(byte[] content) {
        return new Input(InputSpec.Bytes.copyOf(ByteBuffer.wrap(Objects.requireNonNull(content, "content"))));
    }

    /**
     * This text in the command's {@linkplain Command#charset charset}, then end of file. A text that cannot be written in it
     * is refused with an {@link IllegalArgumentException} when the command is run or started, before anything happens.
     *
     * @param content the text
     * @return the input
     */
    public static Input of(String content) {
        return new Input(new InputSpec.Text(Objects.requireNonNull(content, "content")));
    }

    /**
     * What a stream brings, up to its end or until the program reads no more; read by a thread of the library, no faster
     * than the program takes it. It is not closed, and what was read ahead of the program's end is lost.
     *
     * <p>Each launch reads on from where the stream is: use it for one launch at a time. A read that is under way when the
     * program ends is not waited for, and not interrupted either: its thread stays until the read returns. If reading
     * throws, the program sees the end of file, and {@link Command#run()} throws when it has ended.
     *
     * @param stream what is read
     * @return the input
     */
    public static Input of(InputStream stream) {
        return new Input(new InputSpec.FromStream(Objects.requireNonNull(stream, "stream")));
    }

    /**
     * A file, which the program reads directly. Opened at each launch, which fails with
     * {@link LaunchException.BadStreamFile} if it cannot be.
     *
     * @param file the file; a relative one starts from the JVM's working directory
     * @return the input
     */
    public static Input of(Path file) {
        return new Input(new InputSpec.FromFile(Objects.requireNonNull(file, "file")));
    }

    /**
     * What the JVM itself reads. The program then stays in the JVM's process group and session. If the JVM was started with
     * its standard input closed, the program reads {@code /dev/null}, and not the file that the JVM has opened in its place.
     *
     * @return the input
     */
    public static Input inherit() {
        return INHERIT;
    }

    /**
     * What the caller writes to {@link ManagedProcess#stdin()}; for {@link Command#start()} alone.
     *
     * @return the input
     */
    public static Input pipe() {
        return PIPE;
    }
}
