package org.processmanager.examples.app.eventlog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file of a log, and the older ones beside it, {@code .1} being the latest of them. The holder of the exclusive lock of the
 * file that has the log's name may append to it, or give it the next name; the lock therefore counts only if the file has still
 * that name. Each file is opened for one operation.
 *
 * <p>Uses RandomAccessFile, whose operations are not interruptible: a channel throws although its write was done, and the
 * record would be written again.
 */
final class LogFiles {
    /** How long an operation waits for the other processes that use the file. */
    static final Duration LOCK_BOUND = Duration.ofSeconds(2);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_READS_AND_WRITES = PosixFilePermissions.fromString("rw-------");
    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;

    /** One lock for the JVM, because a POSIX lock excludes other processes only, and falls with any descriptor of the file. */
    private static final ReentrantLock JVM_LOCK = new ReentrantLock();

    private final Path file;
    private final long mostBytes;
    private final int kept;

    /** Uses the file while it has its name; returns false to do so again with the next file of that name. */
    @FunctionalInterface
    interface Action {
        boolean on(RandomAccessFile log) throws IOException;
    }

    /** A file to read, and what identifies it. */
    record Source(RandomAccessFile file, Object key) {}

    /** Reads the files, the oldest first; the last one is the current one, if there is one. It closes none of them. */
    @FunctionalInterface
    interface Reading {
        void on(List<Source> files) throws IOException;
    }

    /**
     * Creates the files' access.
     *
     * @param mostBytes beyond which a file is given the next name
     * @param kept how many older files are kept
     */
    LogFiles(Path file, long mostBytes, int kept) {
        this.file = file;
        this.mostBytes = mostBytes;
        this.kept = kept;
    }

    /** Appends a record; nothing is written where it throws. */
    void append(byte[] record) throws IOException {
        withLock(log -> {
            long end = log.length();
            if (end > 0 && end + record.length > mostBytes && rotate()) {
                return false;
            }
            append(log, end, record);
            return true;
        });
    }

    private static void append(RandomAccessFile log, long end, byte[] record) throws IOException {
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

    /** Gives each file the next name; returns false if that is not possible, and the file has to grow. */
    private boolean rotate() {
        try {
            Path current = file.toRealPath();
            if (!Files.isRegularFile(current)) {
                return false;
            }
            for (int age = kept; age > 0; age--) {
                Path younger = age == 1 ? current : older(current, age - 1);
                if (Files.exists(younger)) {
                    Files.move(younger, older(current, age), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path older(Path current, int age) {
        return current.resolveSibling(current.getFileName() + "." + age);
    }

    /** Deletes the older files and empties the current one. */
    void clear() throws IOException {
        if (Files.notExists(file)) {
            deleteOlder(file);
            return;
        }
        withLock(log -> {
            deleteOlder(file.toRealPath());
            if (log.length() > 0) {
                log.setLength(0);
            }
            return true;
        });
    }

    private void deleteOlder(Path current) throws IOException {
        for (int age = 1; age <= kept; age++) {
            Files.deleteIfExists(older(current, age));
        }
    }

    /** Returns what identifies the file that has a name now, or null if there is none. */
    static @Nullable Object key(Path name) throws IOException {
        try {
            return Files.readAttributes(name, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Returns the file that has the log's name; it may not exist. */
    Path current() throws IOException {
        return Files.exists(file) ? file.toRealPath() : file;
    }

    /**
     * Reads under the shared lock of the current file, so that no file gets another name. Without the lock, which a process that
     * is suspended may hold, it reads as well: the others must not be hidden.
     */
    void read(Reading reading) throws IOException {
        JVM_LOCK.lock();
        try {
            while (true) {
                Path current = current();
                Object key = key(current);
                if (key == null) {
                    read(current, List.of(), reading);
                    return;
                }
                try (RandomAccessFile log = new RandomAccessFile(current.toFile(), "r")) {
                    boolean locked = tryLock(log, true) != null;
                    if (!locked || key.equals(key(current))) {
                        read(current, List.of(new Source(log, key)), reading);
                        return;
                    }
                } catch (FileNotFoundException e) {
                    if (Files.exists(current)) {
                        throw e;
                    }
                }
            }
        } finally {
            JVM_LOCK.unlock();
        }
    }

    /** Opens the older files in addition. The current one is opened once: closing it again would release its lock. */
    private void read(Path current, List<Source> last, Reading reading) throws IOException {
        List<Source> sources = new ArrayList<>();
        try {
            for (int age = kept; age > 0; age--) {
                Path candidate = older(current, age);
                Object key = key(candidate);
                if (key != null) {
                    sources.add(new Source(new RandomAccessFile(candidate.toFile(), "r"), key));
                }
            }
            sources.addAll(last);
            reading.on(sources);
        } finally {
            sources.removeAll(last);
            for (Source source : sources) {
                source.file().close();
            }
        }
    }

    private void withLock(Action action) throws IOException {
        JVM_LOCK.lock();
        try {
            boolean done = false;
            while (!done) {
                createIfAbsent();
                Object key = key(file);
                try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
                    if (tryLock(log, false) == null) {
                        throw new IOException("another process has held its lock for " + LOCK_BOUND.toSeconds() + " s");
                    }
                    if (Objects.equals(key, key(file))) {
                        done = action.on(log);
                    } else if (log.length() == 0) {
                        // RandomAccessFile has created it, if the one before was given another name just then.
                        Files.setPosixFilePermissions(file, OWNER_READS_AND_WRITES);
                    }
                }
            }
        } finally {
            JVM_LOCK.unlock();
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

    /** Returns the lock, or null if other processes held it for the whole bound. Closing the file releases it. */
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
}
