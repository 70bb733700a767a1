package org.processmanager.core.internal.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a part of a file, which is opened by the first read. Not thread-safe. */
public final class FileRange extends InputStream {
    private final Path file;
    private final long start;
    private long left;
    private @Nullable InputStream in;

    /** Creates a stream of {@code length} bytes from {@code offset}, or fewer if the file ends before. */
    public FileRange(Path file, long offset, long length) {
        this.file = file;
        start = offset;
        left = length;
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        InputStream open = in;
        if (open == null) {
            open = Files.newInputStream(file); // unlike a channel, an interrupt does not close it
            in = open;
            open.skip(start);
        }
        int n = open.read(bytes, offset, (int) Math.min(length, left));
        left -= Math.max(0, n);
        return n;
    }

    @Override
    public void close() throws IOException {
        left = 0;
        if (in != null) {
            in.close();
        }
    }
}
