package org.processmanager.examples.app.eventlog;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from its oldest record on, and then what is appended, also across rotations. Records that are rotated away
 * between two calls are missed. Not thread-safe.
 */
final class LogTail {
    private static final int HEAD_BYTES = 512;

    private final LogFiles files;
    private final boolean isWhole;
    private @Nullable Object key;
    private byte[] head = {};
    private long offset;

    /**
     * Creates a reader.
     *
     * @param isWhole whether a line that is not complete is returned as it is, because nothing follows
     */
    LogTail(LogFiles files, boolean isWhole) {
        this.files = files;
        this.isWhole = isWhole;
    }

    /** Returns the lines since the previous call. A line that is not complete belongs to a later one. */
    List<String> next() throws IOException {
        List<String> lines = new ArrayList<>();
        if (hasNews()) {
            files.read(all -> read(all, lines));
        }
        return lines;
    }

    private boolean hasNews() throws IOException {
        Path current = files.current();
        return key == null || !key.equals(LogFiles.key(current)) || Files.size(current) != offset;
    }

    private void read(List<LogFiles.Source> all, List<String> lines) throws IOException {
        int first = 0;
        while (first < all.size() && !isLastRead(all.get(first))) {
            first++;
        }
        if (first == all.size()) {
            first = 0; // it is the first call, or that file has been cleared or rotated away
            offset = 0;
        }
        for (int i = first; i < all.size(); i++) {
            LogFiles.Source source = all.get(i);
            boolean isLast = i == all.size() - 1;
            offset = read(source.file(), i == first ? offset : 0, isWhole || !isLast, lines);
            key = source.key();
        }
    }

    /** Returns whether it is the file that was read last, and was only appended to. A deleted file's key may be used again. */
    private boolean isLastRead(LogFiles.Source source) throws IOException {
        if (!source.key().equals(key) || source.file().length() < offset) {
            return false;
        }
        byte[] begin = new byte[(int) Math.min(head.length, source.file().length())];
        source.file().seek(0);
        source.file().readFully(begin);
        return Arrays.equals(begin, head);
    }

    /**
     * Reads the lines from a position on, and returns the position of the next one. Malformed bytes become replacement
     * characters, so that a torn line does not hide the rest.
     */
    private long read(RandomAccessFile log, long start, boolean toItsEnd, List<String> lines) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(log.length() - start)];
        log.seek(start);
        log.readFully(bytes);
        if (start == 0) {
            head = Arrays.copyOf(bytes, Math.min(bytes.length, HEAD_BYTES));
        }
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines.add(new String(bytes, begin, i - begin, StandardCharsets.UTF_8));
                begin = i + 1;
            }
        }
        if (toItsEnd && begin < bytes.length) {
            lines.add(new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8));
            begin = bytes.length;
        }
        return start + begin;
    }
}
