package org.processmanager.core.internal.launch.jdk;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.tree.PipeHolders;

/**
 * One output stream of a {@link Process}, to be read to its end. The JDK closes its end of the pipe when the process exits,
 * also if other processes still write to it; that waits for the monitor of the stream, so the reader holds it. In case the
 * exit comes first, a second descriptor of the pipe is opened, where {@code /proc} has it, as soon as the process runs.
 */
final class ProcessOutput implements Closeable {
    /** Reads a stream to its end. */
    interface Reader {
        void read(InputStream source) throws IOException, InterruptedException;
    }

    private final Process process;
    private final InputStream in;
    private final OptionalLong inode;
    private final @Nullable InputStream spare;
    private volatile boolean endIsUnknown;

    /** @param number 1 or 2 */
    ProcessOutput(Process process, int number) {
        this.process = process;
        in = number == 1 ? process.getInputStream() : process.getErrorStream();
        Path link = Path.of("/proc", Long.toString(process.pid()), "fd", Integer.toString(number));
        inode = PipeHolders.inode(link);
        spare = inode.isPresent() ? open(link) : null;
    }

    /** Loads the classes that the constructor needs. */
    static void prepare() {
        PipeHolders.inode(Path.of("/proc/self/fd/none"));
    }

    private static @Nullable InputStream open(Path link) {
        try {
            return new FileInputStream(link.toFile());
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns the inode of the pipe; empty if it is unknown. */
    OptionalLong inode() {
        return inode;
    }

    /** Reads everything; closes the stream. */
    void read(Reader reader) throws IOException, InterruptedException {
        try (this) {
            synchronized (in) {
                boolean inTime = process.isAlive();
                if (inTime && spare != null) {
                    spare.close();
                }
                reader.read(in);
                if (!inTime && spare != null) {
                    reader.read(spare);
                }
                endIsUnknown = !inTime && spare == null;
            }
        }
    }

    /** Returns whether other processes may hold the pipe open though the end was read. */
    boolean isEndUnknown() {
        return endIsUnknown;
    }

    @Override
    public void close() throws IOException {
        try (InputStream both = spare) {
            in.close();
        }
    }
}
