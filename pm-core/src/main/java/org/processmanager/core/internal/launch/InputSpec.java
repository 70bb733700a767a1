package org.processmanager.core.internal.launch;

import java.io.InputStream;
import java.nio.file.Path;

/** What a program reads as its standard input. */
public sealed interface InputSpec {
    /** End of file at once. */
    record Empty() implements InputSpec {}

    /** These bytes, then end of file. Nobody changes the array. */
    record Bytes(byte[] content) implements InputSpec {}

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
