package org.processmanager.core.internal.detached;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes output to the log of an entry, in the format of the container runtimes of Kubernetes (CRI): time, stream, F for the
 * end of a line or P for a part of it, and the text. Nothing is buffered: a shim that is killed loses no output that it read.
 *
 * <p>A log that cannot be written, for example because the disk is full, does not stop the program: its output is counted and
 * discarded until the log can be written again, which then has a line with the count. Thread-safe.
 */
public final class OutputLog implements Closeable {
    /** The stream of what the shim itself writes. */
    static final String NOTE = "pm";

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final EntryFiles files;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    // All that follows is guarded by the lock.
    private @Nullable FileChannel channel;
    private long size;
    /** Whether the file may end within a line. */
    private boolean torn = true;

    private long lostBytes;
    private String lossReason = "";

    public OutputLog(EntryFiles files, long maxBytes) {
        this.files = files;
        this.maxBytes = maxBytes;
    }

    /** Appends a piece of output as it was read. */
    public void append(String stream, ByteBuffer output) {
        int length = output.remaining();
        ByteArrayOutputStream lines = new ByteArrayOutputStream(length + 256);
        byte[] prefix = (TIME.format(Instant.now()) + " " + stream + " ").getBytes(StandardCharsets.US_ASCII);
        while (output.hasRemaining()) {
            int start = output.position();
            int end = start;
            while (end < output.limit() && output.get(end) != '\n') {
                end++;
            }
            boolean complete = end < output.limit();
            byte[] text = new byte[end - start];
            output.get(text);
            lines.writeBytes(prefix);
            lines.write(complete ? 'F' : 'P');
            lines.write(' ');
            lines.writeBytes(text);
            lines.write('\n');
            if (complete) {
                output.get();
            }
        }
        lock.lock();
        try {
            write(lines.toByteArray(), length);
        } finally {
            lock.unlock();
        }
    }

    /** Appends how much output was lost, if any was since the last line and there is room now. */
    void reportLoss() {
        lock.lock();
        try {
            if (lostBytes > 0) {
                write(new byte[0], 0);
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] lines, int outputBytes) {
        try {
            FileChannel open = open(lines.length);
            if (lostBytes > 0) {
                String loss = TIME.format(Instant.now()) + " " + NOTE + " F " + lostBytes
                        + " bytes of output were lost: " + lossReason + "\n";
                writeFully(open, loss.getBytes(StandardCharsets.UTF_8));
                lostBytes = 0;
            }
            writeFully(open, lines);
        } catch (IOException e) {
            lostBytes += outputBytes;
            lossReason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            torn = true;
            close();
        }
    }

    /** Returns the open log, in which there is room for so many bytes. */
    private FileChannel open(int bytes) throws IOException {
        FileChannel open = channel;
        if (open != null && size > 0 && size + bytes > maxBytes) {
            close();
            files.rotateLogs();
            open = null;
        }
        if (open == null) {
            open = FileChannel.open(
                    files.log(),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            channel = open;
            size = open.size();
            torn = size > 0;
        }
        if (torn) {
            writeFully(open, new byte[] {'\n'}); // readers skip an empty line
            torn = false;
        }
        return open;
    }

    private void writeFully(FileChannel open, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            size += open.write(rest);
        }
    }

    /** Closes the file; the next output opens it again. */
    @Override
    public void close() {
        lock.lock();
        try {
            FileChannel open = channel;
            channel = null;
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            lossReason = String.valueOf(e.getMessage());
        } finally {
            lock.unlock();
        }
    }
}
