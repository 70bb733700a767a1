package org.processmanager.core;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.posix.PathText;

/** The standard input of a program. Immutable; can be used for any number of launches. */
@CheckReturnValue
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
     * Returns the input that is at its end at once; the default.
     *
     * @return the input
     */
    public static Input empty() {
        return EMPTY;
    }

    /**
     * Returns an input of these bytes. A program that does not read all of them is no error.
     *
     * @param content the bytes, which are copied
     * @return the input
     */
    public static Input of(byte[] content) {
        return new Input(InputSpec.Bytes.copyOf(ByteBuffer.wrap(Objects.requireNonNull(content, "content"))));
    }

    /**
     * Returns an input of this text in the command's {@linkplain Command#charset charset}. If the charset cannot encode it,
     * {@code run()} and {@code start()} throw {@link IllegalArgumentException} before the program starts.
     *
     * @param content the text
     * @return the input
     */
    public static Input of(String content) {
        return new Input(new InputSpec.Text(Objects.requireNonNull(content, "content")));
    }

    /**
     * Returns an input that a thread of the library reads from a stream, up to its end or until the program no longer reads,
     * and no faster than the program. The stream is not closed; bytes that were read ahead of the program's exit are lost.
     *
     * <p>Each launch continues where the stream is: use it for one launch at a time. A read that blocks when the program exits
     * is neither waited for nor interrupted: its thread stays until the read returns. If reading throws, the program sees the
     * end of its input, and {@link Command#run()} throws when it has exited.
     *
     * @param stream the stream
     * @return the input
     */
    public static Input of(InputStream stream) {
        return new Input(new InputSpec.FromStream(Objects.requireNonNull(stream, "stream"), false));
    }

    /**
     * Returns an input that the program itself reads from a file. The file is opened at each launch, which throws
     * {@link LaunchException} with {@link LaunchException.Reason#BAD_STREAM_FILE} if that fails. A terminal does not become the
     * controlling one of the JVM; the portable path refuses it where it would.
     *
     * @param file the file; a relative one is relative to the JVM's working directory
     * @return the input
     */
    public static Input of(Path file) {
        return new Input(new InputSpec.FromFile(PathText.check("file", file)));
    }

    /**
     * Returns an input of a part of a file, which a thread of the library reads. It ends at the end of the file if that comes
     * first. The file is opened at each launch, which throws {@link LaunchException} with
     * {@link LaunchException.Reason#BAD_STREAM_FILE} if it is not a readable regular file.
     *
     * @param file the file; a relative one is relative to the JVM's working directory
     * @param offset the first byte, from 0
     * @param length how many bytes, from 0
     * @return the input
     * @throws IllegalArgumentException if the offset or the length is negative
     */
    public static Input of(Path file, long offset, long length) {
        PathText.check("file", file);
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "range: " + length + " bytes from " + offset + " (expected: both at least 0)");
        }
        return new Input(new InputSpec.FromRange(file, offset, length));
    }

    /**
     * Returns an input that the program itself reads from a descriptor, such as a pipe, a socket or an opened file. The
     * resource is opened at each launch, and closed in this process when the program has it. The portable path, which cannot
     * pass descriptors, supports {@link Inheritable#named} only.
     *
     * @param resource opens the descriptor
     * @return the input
     */
    public static Input of(Inheritable resource) {
        return new Input(new InputSpec.FromResource(Objects.requireNonNull(resource, "resource")));
    }

    /**
     * Returns the standard input of the JVM itself. The program then stays in the process group and session of the JVM. If the
     * JVM was started with its standard input closed, the program reads {@code /dev/null}, and not the file that the JVM opened
     * under that number.
     *
     * @return the input
     */
    public static Input inherit() {
        return INHERIT;
    }

    /**
     * Returns an input that the caller writes to {@link ManagedProcess#stdin()}; for {@link Command#start()} and
     * {@link Pipeline#start()} only.
     *
     * @return the input
     */
    public static Input pipe() {
        return PIPE;
    }
}
