package org.processmanager.core.internal.launch.spec;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** What a program reads as its standard input. */
public sealed interface InputSpec {
    /** End of file at once. */
    InputSpec EMPTY = new Empty();

    /** The same for a launch, whose charset is known. */
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

        /** A copy of bytes. */
        public static Bytes copyOf(ByteBuffer bytes) {
            ByteBuffer copy = allocate(bytes.remaining());
            return new Bytes(copy.put(bytes).flip());
        }

        private static ByteBuffer allocate(int size) {
            if (size >= LARGE) {
                try {
                    return ByteBuffer.allocateDirect(size);
                } catch (OutOfMemoryError e) {
                    // direct memory has a bound of its own
                }
            }
            return ByteBuffer.allocate(size);
        }
    }

    /** This text in the charset of the command, then end of file. */
    record Text(String content) implements InputSpec {
        @Override
        public InputSpec encoded(Charset charset) {
            try {
                return Bytes.copyOf(charset.newEncoder().encode(CharBuffer.wrap(content)));
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException(
                        "stdin: a text that " + charset + " cannot encode (expected: charset(..) with one that can)",
                        e);
            }
        }
    }

    /** What a stream of the caller brings, then end of file. */
    record FromStream(InputStream stream) implements InputSpec {}

    /** A file, opened for the child. */
    record FromFile(Path file) implements InputSpec {}

    /** What the JVM itself reads. */
    record Inherit() implements InputSpec {}

    /**
     * What the stage before it writes.
     *
     * @param descriptor lent for the launch; -1 where the launcher connects them itself
     */
    record FromStage(int descriptor) implements InputSpec {}

    /** What the caller writes. */
    record Pipe() implements InputSpec {}
}
