package org.processmanager.examples.app.eventlog;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;

/**
 * A file of events, one JSON object a line, to which several processes append. The schema is docs/event-log.md.
 *
 * <p>Each record is written under a lock of the file. A writer that is killed during its write leaves a torn record; the next
 * writer begins a new line, so that the torn record is a line of its own, which readers skip and count. The file is opened
 * for each call and never kept open; there is nothing to close.
 *
 * <p>Thread-safe and, on a local file system, safe for any number of processes. A process that is suspended while it holds the
 * lock delays the others for {@link #LOCK_BOUND} at each call. The lock is a POSIX lock: other code of the same JVM that opens
 * and closes the same file may release it.
 */
public final class EventLog implements EventListener {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_READS_AND_WRITES = PosixFilePermissions.fromString("rw-------");

    /** How long a call waits for the other processes that use the file. */
    public static final Duration LOCK_BOUND = Duration.ofSeconds(2);

    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;

    /** One lock for the JVM, because a POSIX lock excludes other processes only, and falls with any descriptor of the file. */
    private static final ReentrantLock JVM_LOCK = new ReentrantLock();

    private final Path file;

    private EventLog(Path file) {
        this.file = file;
    }

    /**
     * Returns a log in a file. The first event creates missing directories, for the owner alone (0700), and the file (0600).
     *
     * @param file its file
     * @return the log
     */
    public static EventLog at(Path file) {
        return new EventLog(Objects.requireNonNull(file, "file").toAbsolutePath());
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
            createIfAbsent();
            withFile("rw", log -> append(log, record));
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
     * Empties the log. Does nothing if there is no file.
     *
     * @throws ProcessManagerException if it cannot be emptied
     */
    public void clear() {
        try {
            if (Files.exists(file)) {
                withFile("rw", log -> {
                    requireLock(log);
                    if (log.length() > 0) {
                        log.setLength(0);
                    }
                });
            }
        } catch (IOException e) {
            throw failed("clear", e);
        }
    }

    /**
     * Reads the log as it is now.
     *
     * @return its events in order, and the numbers of skipped lines; nothing if there is no file
     * @throws ProcessManagerException if it cannot be read
     */
    public Contents read() {
        List<String> lines = new ArrayList<>();
        try {
            if (Files.exists(file)) {
                withFile("r", log -> readLines(log, lines));
            }
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

    private static void append(RandomAccessFile log, byte[] record) throws IOException {
        requireLock(log);
        long end = log.length();
        boolean torn = false;
        if (end > 0) {
            log.seek(end - 1);
            torn = log.read() != '\n'; // the position is the end again
        }
        byte[] bytes = record;
        if (torn) {
            bytes = new byte[record.length + 1];
            bytes[0] = '\n';
            System.arraycopy(record, 0, bytes, 1, record.length);
        }
        try {
            log.write(bytes);
        } catch (IOException e) {
            takeBack(log, end, e);
            throw e;
        }
    }

    /** Removes the part that fitted onto a full disk. */
    private static void takeBack(RandomAccessFile log, long end, IOException reason) {
        try {
            log.setLength(end);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Malformed bytes become replacement characters, so that a torn line does not hide the rest. */
    private static void readLines(RandomAccessFile log, List<String> lines) throws IOException {
        // Without the lock the last record may be incomplete; a suspended writer must not hide all the others.
        tryLock(log, true);
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(new FileInputStream(log.getFD()), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
        }
    }

    private void createIfAbsent() throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path directory = file.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            createDirectories(directory);
        }
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_READS_AND_WRITES));
            Files.setPosixFilePermissions(file, OWNER_READS_AND_WRITES); // whatever the umask is
        } catch (FileAlreadyExistsException e) {
            // another process was first
        }
    }

    /** Creates missing directories for the owner alone, one by one: a umask may take permissions of the owner. */
    private static void createDirectories(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        } catch (FileAlreadyExistsException e) {
            // another process was first
        }
    }

    /**
     * Uses RandomAccessFile, whose operations are not interruptible: a channel throws although its write was done, and the
     * record would be written again. Closing the file releases its lock.
     */
    private void withFile(String mode, Action action) throws IOException {
        JVM_LOCK.lock();
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), mode)) {
            action.on(log);
        } finally {
            JVM_LOCK.unlock();
        }
    }

    private static void requireLock(RandomAccessFile log) throws IOException {
        if (tryLock(log, false) == null) {
            throw new IOException("another process has held its lock for " + LOCK_BOUND.toSeconds() + " s");
        }
    }

    /** Returns the lock, or null if other processes held it for the whole bound. */
    private static @Nullable FileLock tryLock(RandomAccessFile log, boolean shared) throws IOException {
        FileChannel channel = log.getChannel();
        long begin = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            try {
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // other code of this JVM
            }
            if (System.nanoTime() - begin > LOCK_BOUND.toNanos()) {
                return null;
            }
            boolean interrupted = Thread.interrupted(); // would end each pause at once
            LockSupport.parkNanos(pause);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
        }
    }

    private ProcessManagerException failed(String what, Exception e) {
        return new ProcessManagerException("cannot " + what + " the event log " + file + ": " + e.getMessage(), e);
    }

    @FunctionalInterface
    private interface Action {
        void on(RandomAccessFile log) throws IOException;
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
