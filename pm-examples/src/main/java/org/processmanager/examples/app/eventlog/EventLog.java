package org.processmanager.examples.app.eventlog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;

/**
 * A file of events, one JSON object a line, to which several processes append. The schema is docs/event-log.md.
 *
 * <p>Each record is written under a lock of the file. A writer that is killed during its write leaves a torn record; the next
 * writer begins a new line, so that the torn record is a line of its own, which readers skip and count. A file of 8 MiB gets
 * the suffix {@code .1}, that one {@code .2}, and the one with that name is deleted. The file is opened for each call and never
 * kept open; there is nothing to close.
 *
 * <p>Thread-safe and, on a local file system, safe for any number of processes. A process that is suspended while it holds the
 * lock delays the others for {@link #LOCK_BOUND} at each call. The lock is a POSIX lock: other code of the same JVM that opens
 * and closes the same file may release it.
 */
public final class EventLog implements EventListener {
    /** How long a call waits for the other processes that use the file. */
    public static final Duration LOCK_BOUND = LogFiles.LOCK_BOUND;

    private static final long MOST_BYTES = 8 << 20;
    private static final int KEPT = 2;

    private final Path file;
    private final LogFiles files;

    private EventLog(Path file, long mostBytes, int kept) {
        this.file = file;
        files = new LogFiles(file, mostBytes, kept);
    }

    /**
     * Returns a log in a file. The first event creates missing directories, for the owner alone (0700), and the file (0600).
     *
     * @param file its file
     * @return the log
     */
    public static EventLog at(Path file) {
        return at(file, MOST_BYTES, KEPT);
    }

    /** Returns a log whose file is rotated at another size, and keeps another number of older files. */
    static EventLog at(Path file, long mostBytes, int kept) {
        return new EventLog(Objects.requireNonNull(file, "file").toAbsolutePath(), mostBytes, kept);
    }

    /**
     * Returns the default file: {@code pm/events.jsonl} in {@code $XDG_STATE_HOME}, or in {@code ~/.local/state} if that is not
     * set or not absolute.
     *
     * @return the file's path
     */
    public static Path defaultFile() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state != null && state.startsWith("/")
                ? Path.of(state)
                : home().resolve(".local").resolve("state");
        return base.resolve("pm").resolve("events.jsonl");
    }

    /** Returns the shell's home directory, which the JVM ignores; its own is "?" for a user without one. */
    private static Path home() {
        String home = System.getenv("HOME");
        return home != null && home.startsWith("/")
                ? Path.of(home)
                : Path.of("/").resolve(System.getProperty("user.home"));
    }

    /**
     * Returns a record as text.
     *
     * @param entry the record
     * @return a JSON object on one line, without the line terminator
     */
    public static String toJson(LogRecord entry) {
        return EventCodec.write(Objects.requireNonNull(entry, "entry"));
    }

    /**
     * Returns the file of this log.
     *
     * @return an absolute path
     */
    public Path file() {
        return file;
    }

    /**
     * Appends a record. Not interruptible; the interrupt status is preserved.
     *
     * @param entry the record
     * @throws ProcessManagerException if it cannot be written; the file is then unchanged
     */
    public void append(LogRecord entry) {
        byte[] record = (toJson(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            files.append(record);
        } catch (IOException | UnsupportedOperationException e) {
            throw failed("append to", e);
        }
    }

    /**
     * Appends an event, as {@link #append(LogRecord)}.
     *
     * @param event the event
     * @throws ProcessManagerException if it cannot be written; the file is then unchanged
     */
    public void append(ProcessEvent event) {
        append(new LogRecord.Event(Objects.requireNonNull(event, "event")));
    }

    /**
     * Appends an event, as {@link #append(LogRecord)}.
     *
     * @param event the event
     */
    @Override
    public void onEvent(ProcessEvent event) {
        append(event);
    }

    /**
     * Empties the log, and deletes its older files. Does nothing if there are none.
     *
     * @throws ProcessManagerException if it cannot be emptied
     */
    public void clear() {
        try {
            files.clear();
        } catch (IOException e) {
            throw failed("clear", e);
        }
    }

    /**
     * Reads the log as it is now, with its older files.
     *
     * @return its records in order, and the numbers of skipped lines; nothing if there is no file
     * @throws ProcessManagerException if it cannot be read
     */
    public Contents read() {
        return next(new LogTail(files, true));
    }

    /**
     * Returns a reader of the records that are there and of later ones.
     *
     * @return each call returns the records since the one before, of the oldest file first; not thread-safe. It throws as
     *     {@link #read()}. Records that are rotated away between two calls are missed.
     */
    public Supplier<Contents> follow() {
        LogTail tail = new LogTail(files, false);
        return () -> next(tail);
    }

    private Contents next(LogTail tail) {
        List<String> lines;
        try {
            lines = tail.next();
        } catch (IOException e) {
            throw failed("read", e);
        }
        List<LogRecord> records = new ArrayList<>(lines.size());
        int unknown = 0;
        int torn = 0;
        for (String line : lines) {
            try {
                Optional<LogRecord> entry = EventCodec.read(line);
                entry.ifPresent(records::add);
                unknown += entry.isPresent() ? 0 : 1;
            } catch (IllegalArgumentException e) {
                torn++;
            }
        }
        return new Contents(records, unknown, torn);
    }

    private ProcessManagerException failed(String what, Exception e) {
        return new ProcessManagerException("cannot " + what + " the event log " + file + ": " + e.getMessage(), e);
    }

    /**
     * The content of a log.
     *
     * @param records the records, in the order in which they were appended
     * @param unknown number of lines of a later version, or with an unknown type or word
     * @param torn number of lines that are no records: torn, or written by another program
     */
    public record Contents(List<LogRecord> records, int unknown, int torn) {
        /**
         * Copies the list.
         *
         * @param records the records
         * @param unknown lines that are not known
         * @param torn lines that are no records
         */
        public Contents {
            records = List.copyOf(records);
        }

        /** Returns the events of the libraries, in their order. */
        public List<ProcessEvent> events() {
            List<ProcessEvent> events = new ArrayList<>();
            for (LogRecord entry : records) {
                if (entry instanceof LogRecord.Event e) {
                    events.add(e.event());
                }
            }
            return events;
        }
    }
}
