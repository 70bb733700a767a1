package org.processmanager.core.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.ProcessManagerException;

/**
 * A file of events, one JSON object a line, to which several processes append.
 *
 * <p>A record is whole or, at most at the very end, cut short: each is one write under a lock of the file, and who finds
 * that the last writer was killed within its write begins a new line, so that the torn one stands alone. A reader passes
 * over torn lines and counts them. The file is opened for each call and never kept open; there is nothing to close.
 *
 * <p>Safe for use by any thread and, on a local file system, by any number of processes. The lock is a POSIX lock: other
 * code of the same JVM that opens and closes the same file may drop it.
 */
public final class EventLog implements EventListener {
    /** One lock for the JVM, because a POSIX lock excludes other processes only, and falls with any descriptor of the file. */
    private static final ReentrantLock JVM_LOCK = new ReentrantLock();

    private final Path file;

    private EventLog(Path file) {
        this.file = file;
    }

    /**
     * A log in a file. Nothing is created before the first event; then missing folders are, for the owner alone (0700), and
     * the file (0600).
     *
     * @param file where
     * @return the log
     */
    public static EventLog at(Path file) {
        return new EventLog(file.toAbsolutePath());
    }

    /**
     * The usual place: {@code pm/events.jsonl} in {@code $XDG_STATE_HOME}, or in {@code ~/.local/state} where that is not
     * set or not absolute.
     *
     * @return the file's path
     */
    public static Path defaultFile() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state != null && state.startsWith("/")
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("pm").resolve("events.jsonl");
    }

    /**
     * Where this log lies.
     *
     * @return an absolute path
     */
    public Path file() {
        return file;
    }

    /**
     * Appends an event.
     *
     * @param event what happened
     * @throws ProcessManagerException if it cannot be written
     */
    public void append(ProcessEvent event) {
        byte[] record = (EventCodec.write(event) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            createIfAbsent();
            exclusively(channel -> append(channel, record));
        } catch (IOException e) {
            throw failed("append to", e);
        }
    }

    /**
     * Appends an event, as {@link #append}.
     *
     * @param event what happened
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
            exclusively(channel -> channel.truncate(0));
        } catch (NoSuchFileException e) {
            // nothing was ever logged
        } catch (IOException e) {
            throw failed("clear", e);
        }
    }

    /**
     * Reads the log as it is now.
     *
     * @return its events in order, and what was passed over; nothing if there is no file
     * @throws ProcessManagerException if it cannot be read
     */
    public Contents read() {
        List<String> lines;
        JVM_LOCK.lock();
        try {
            // Malformed bytes become replacement characters: a torn line must not hide the rest.
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (NoSuchFileException e) {
            return new Contents(List.of(), 0, 0);
        } catch (IOException e) {
            throw failed("read", e);
        } finally {
            JVM_LOCK.unlock();
        }
        List<ProcessEvent> events = new ArrayList<>(lines.size());
        int unknown = 0;
        int torn = 0;
        for (String line : lines) {
            try {
                Optional<ProcessEvent> event = EventCodec.read(line);
                event.ifPresent(events::add);
                unknown += event.isPresent() ? 0 : 1;
            } catch (IllegalArgumentException e) {
                torn++;
            }
        }
        return new Contents(events, unknown, torn);
    }

    private void append(FileChannel channel, byte[] record) throws IOException {
        long end = channel.size();
        boolean torn = end > 0 && lastByte(channel, end) != '\n';
        ByteBuffer bytes = ByteBuffer.allocate(record.length + 1);
        if (torn) {
            bytes.put((byte) '\n');
        }
        bytes.put(record).flip();
        channel.position(end);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static byte lastByte(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.read(last, end - 1) == 1 ? last.get(0) : (byte) '\n';
    }

    private void createIfAbsent() throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path folder = file.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // another process was first
        }
    }

    /** An interrupt closes the channel under its user; what was begun is then done again, and the interrupt kept. */
    private void exclusively(Action action) throws IOException {
        boolean interrupted = false;
        JVM_LOCK.lock();
        try {
            while (true) {
                try (FileChannel channel =
                                FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
                        FileLock lock = channel.lock()) {
                    action.on(channel);
                    return;
                } catch (ClosedByInterruptException | FileLockInterruptionException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            JVM_LOCK.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ProcessManagerException failed(String what, IOException e) {
        return new ProcessManagerException("cannot " + what + " the event log " + file + ": " + e, e);
    }

    @FunctionalInterface
    private interface Action {
        void on(FileChannel channel) throws IOException;
    }

    /**
     * What a log held when it was read.
     *
     * @param events the events, in the order in which they were appended
     * @param unknown lines of a later version or with a type that this version does not know
     * @param torn lines that are no events: cut short by the death of their writer, or of another program
     */
    public record Contents(List<ProcessEvent> events, int unknown, int torn) {
        /**
         * Copies the list.
         *
         * @param events the events
         * @param unknown lines that are not known
         * @param torn lines that are no events
         */
        public Contents {
            events = List.copyOf(events);
        }
    }
}
