package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.ipc.ChannelException;

/**
 * The lock under which a receiver looks at the socket that it finds and puts its own in the place, so that of two receivers
 * that find a stale socket one does not remove the new socket of the other. Held for about a millisecond.
 *
 * <p>It is a locked file {@code .NAME.lock} beside the socket, which its owner deletes before it unlocks it; one that a killed
 * process left is used and deleted by the next. The owner of the lock therefore checks that the file still has its name. The
 * kernel unlocks the file of a process if any channel to it is closed, so one thread of a JVM at a time is in here.
 */
final class OpeningLock implements AutoCloseable {
    private static final ReentrantLock IN_JVM =
            new ReentrantLock(); // a monitor would pin the carrier of a virtual thread
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = 500_000;

    private final Path file;
    private final FileChannel channel;

    private OpeningLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Acquires the lock.
     *
     * @throws ChannelException if the directory does not allow it, or another process has held it for 10 s
     */
    static OpeningLock acquire(Path socket) {
        Path file = socket.resolveSibling(PathText.toPath("." + PathText.of(socket.getFileName()) + ".lock"));
        IN_JVM.lock();
        OpeningLock lock = null;
        try {
            long start = System.nanoTime();
            while (lock == null) {
                lock = tryAcquire(file);
                if (lock == null && System.nanoTime() - start > TIMEOUT_NANOS) {
                    throw new ChannelException("cannot open " + socket + ": another process has locked " + file
                            + " for 10 s; see which one opens that socket, and retry");
                }
                if (lock == null) {
                    Threads.pause(PAUSE_NANOS);
                }
            }
            return lock;
        } catch (IOException e) {
            throw SocketFile.failure("cannot create socket " + socket, e);
        } finally {
            if (lock == null) {
                IN_JVM.unlock();
            }
        }
    }

    private static @Nullable OpeningLock tryAcquire(Path file) throws IOException {
        Map<String, Object> before = identity(file);
        if (before == null) {
            create(file);
            return null;
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            locked = lock != null && before.equals(identity(file));
        } catch (OverlappingFileLockException e) {
            // another copy of this library in this JVM has it
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? new OpeningLock(file, channel) : null;
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // another process has created it
        }
    }

    /** Returns what identifies a file, also one that has the number of an earlier one. */
    private static @Nullable Map<String, Object> identity(Path file) throws IOException {
        try {
            return Files.readAttributes(file, "unix:dev,ino,ctime", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // the next receiver uses the file
        } finally {
            IN_JVM.unlock();
        }
    }
}
