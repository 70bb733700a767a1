package org.processmanager.core.internal.launch.spec;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.processmanager.core.Inheritable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.stream.FileRange;

/** The standard input of a program. */
public sealed interface InputSpec {
    /** End of file at once. */
    InputSpec EMPTY = new Empty();

    /** Returns the input in the form for a launch: text is encoded, names are resolved. */
    default InputSpec encoded(Charset charset) {
        return this;
    }

    /** End of file at once. */
    record Empty() implements InputSpec {}

    /**
     * These bytes, then end of file.
     *
     * @param content from its start to its limit, never changed; direct if it is large, so that the kernel takes it as it is
     */
    record Bytes(ByteBuffer content) implements InputSpec {
        private static final int LARGE = 64 * 1024;

        /** Returns an input of copied bytes. */
        public static Bytes copyOf(ByteBuffer bytes) {
            ByteBuffer copy = allocate(bytes.remaining());
            return new Bytes(copy.put(bytes).flip());
        }

        private static ByteBuffer allocate(int size) {
            if (size >= LARGE) {
                try {
                    return ByteBuffer.allocateDirect(size);
                } catch (OutOfMemoryError e) {
                    // the limit of direct memory is reached
                }
            }
            return ByteBuffer.allocate(size);
        }
    }

    /** This text in the charset of the command, then end of file. */
    record Text(String content) implements InputSpec {
        @Override
        public InputSpec encoded(Charset charset) {
            if (!charset.canEncode()) {
                throw new IllegalArgumentException("stdin: a text for the charset " + charset
                        + " (expected: charset(..) with one that can encode)");
            }
            try {
                return Bytes.copyOf(charset.newEncoder().encode(CharBuffer.wrap(content)));
            } catch (CharacterCodingException | UnsupportedOperationException e) {
                throw new IllegalArgumentException(
                        "stdin: a text that " + charset + " cannot encode (expected: charset(..) with one that can)",
                        e);
            }
        }
    }

    /** The content of a stream, then end of file; {@code owned} says whether the stream is closed at the end. */
    record FromStream(InputStream stream, boolean owned) implements InputSpec {}

    /** A part of a file, read by this JVM. */
    record FromRange(Path file, long offset, long length) implements InputSpec {
        /** @throws LaunchException with {@link LaunchException.Reason#BAD_STREAM_FILE} if it is not a readable regular file */
        @Override
        public InputSpec encoded(Charset charset) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new LaunchException(
                        LaunchException.Reason.BAD_STREAM_FILE,
                        "cannot open a range of " + file + " as standard input: it is not a readable regular file",
                        null);
            }
            return new FromStream(new FileRange(file, offset, length), true);
        }
    }

    /** A descriptor of a resource, opened for the child. */
    record FromResource(Inheritable resource) implements InputSpec {
        @Override
        public InputSpec encoded(Charset charset) {
            Optional<Path> file = resource.fileForChild();
            return file.isPresent() ? new FromFile(PathText.check("stdin", file.get())) : this;
        }
    }

    /** A file, opened for the child. */
    record FromFile(Path file) implements InputSpec {}

    /** The standard input of the JVM. */
    record Inherit() implements InputSpec {}

    /**
     * The output of the previous stage.
     *
     * @param descriptor lent for the launch; -1 if the launcher connects the stages itself
     */
    record FromStage(int descriptor) implements InputSpec {}

    /** A pipe that the caller writes. */
    record Pipe() implements InputSpec {}
}
