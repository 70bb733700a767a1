package org.processmanager.core.internal.launch.spec;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What a program reads as its standard input. */
public sealed interface InputSpec {
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
                    // there is less room for these than in the heap
                }
            }
            return ByteBuffer.allocate(size);
        }
    }

    /** What a stream of the user's brings, then end of file. */
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
