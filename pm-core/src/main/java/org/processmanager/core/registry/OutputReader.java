package org.processmanager.core.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.detached.EntryFiles;
import org.processmanager.core.registry.OutputLine.Source;

/**
 * Reads the output of a detached process line by line, also while it is written, and through the change to a new log file. If
 * files are replaced faster than they are read, the lines of those that were deleted are missing.
 *
 * <p>Not thread-safe.
 */
public final class OutputReader implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    /** A longer line is passed in pieces. */
    private static final int LONGEST_LINE = 1 << 20;

    /** The parts of a line whose end is not read yet. */
    private static final class Unfinished {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Instant time = Instant.EPOCH;
    }

    private final EntryFiles files;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private final Map<Source, Unfinished> unfinished = new EnumMap<>(Source.class);
    private final Deque<OutputLine> ready = new ArrayDeque<>();
    private @Nullable FileChannel channel;
    /** The identity of the open file, whatever its name is now. */
    private @Nullable Object key;

    OutputReader(EntryFiles files) {
        this.files = files;
    }

    /**
     * Returns the next line, if there is one. Never waits: a caller that follows the output asks again later.
     *
     * @return the line; empty if all that was written so far was read, except the beginning of a line
     * @throws RegistryException if the log cannot be read
     */
    public Optional<OutputLine> poll() {
        try {
            while (ready.isEmpty() && readMore()) {
                takeRecords();
            }
        } catch (IOException e) {
            throw new RegistryException(
                    "cannot read the output in " + files.directory() + ": " + ProcessRegistry.reason(e), e);
        }
        return Optional.ofNullable(ready.poll());
    }

    /**
     * Returns the beginnings of lines that were not finished, for example those of a program that was killed.
     *
     * @return up to one for each source; they are not returned again
     */
    public List<OutputLine> unfinished() {
        List<OutputLine> lines = unfinished.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
        unfinished.clear();
        return lines;
    }

    /** Closes the log file. Idempotent. */
    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it was only read
            }
        }
    }

    /** Fills the buffer; returns false at the end of the newest file. */
    private boolean readMore() throws IOException {
        while (true) {
            if (channel != null && fill()) {
                return true;
            }
            Path next = newer();
            if (next == null) {
                return false;
            }
            if (channel != null && fill()) {
                return true; // written between the end of the file and the change to a new one
            }
            open(next);
        }
    }

    private boolean fill() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            return false;
        }
        buffer.clear();
        int count = open.read(buffer);
        buffer.flip();
        return count > 0;
    }

    private void open(Path file) throws IOException {
        close();
        record.reset();
        try {
            Object before = key(file);
            channel = FileChannel.open(file, StandardOpenOption.READ);
            key = key(file);
            if (!Objects.equals(before, key)) { // replaced meanwhile
                close();
                key = null;
            }
        } catch (NoSuchFileException e) {
            key = null; // renamed meanwhile: begin with the oldest
        }
    }

    /** Returns the file after the open one; null if that is the newest. */
    private @Nullable Path newer() throws IOException {
        List<Path> logs = files.logs();
        for (int i = 0; i < logs.size() && key != null; i++) {
            try {
                if (key.equals(key(logs.get(i)))) {
                    return i + 1 < logs.size() ? logs.get(i + 1) : null;
                }
            } catch (NoSuchFileException e) {
                return null; // being renamed: look again later
            }
        }
        return logs.isEmpty() ? null : logs.get(0);
    }

    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private void takeRecords() {
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (next == '\n') {
                take(record.toByteArray());
                record.reset();
            } else {
                record.write(next);
            }
        }
    }

    /** Takes one record: time, source, F or P, text. Others, such as one that was not written to its end, are skipped. */
    private void take(byte[] bytes) {
        int first = space(bytes, 0);
        int second = space(bytes, first + 1);
        if (first < 0 || second < 0 || second + 2 >= bytes.length || bytes[second + 2] != ' ') {
            return;
        }
        Source source = source(new String(bytes, first + 1, second - first - 1, StandardCharsets.US_ASCII));
        Instant time = time(new String(bytes, 0, first, StandardCharsets.US_ASCII));
        if (source == null || time == null) {
            return;
        }
        Unfinished line = unfinished.computeIfAbsent(source, any -> new Unfinished());
        if (line.bytes.size() == 0) {
            line.time = time;
        }
        line.bytes.write(bytes, second + 3, bytes.length - second - 3);
        if (bytes[second + 1] == 'F' || line.bytes.size() > LONGEST_LINE) {
            ready.add(line(source, line));
            unfinished.remove(source);
        }
    }

    private static OutputLine line(Source source, Unfinished line) {
        return new OutputLine(line.time, source, line.bytes.toString(StandardCharsets.UTF_8));
    }

    private static int space(byte[] bytes, int from) {
        for (int i = Math.max(0, from); i < bytes.length; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Source source(String name) {
        return switch (name) {
            case "stdout" -> Source.STDOUT;
            case "stderr" -> Source.STDERR;
            case "pm" -> Source.SHIM;
            default -> null;
        };
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
