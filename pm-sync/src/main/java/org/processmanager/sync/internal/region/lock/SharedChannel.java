package org.processmanager.sync.internal.region.lock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RandomId;

/**
 * The only channel to a file in this JVM, reference counted. POSIX releases all locks that a process has on a file when any
 * descriptor of it is closed, so the file must not be opened a second time, not even to read its header.
 *
 * <p>Copies of the library in several class loaders do not share this class, so only one of them may have channels at a time;
 * a system property names it.
 */
public final class SharedChannel {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<Object, SharedChannel> OPEN = new HashMap<>();
    /** Channels that are not closed, since the file may be one of those above. */
    private static final List<FileChannel> UNCLOSABLE = new ArrayList<>();

    private static final String COPY_PROPERTY = "org.processmanager.sync.portable.copy";
    /** Identifies this JVM, since its children may inherit the property. */
    private static final String HERE = ProcessHandle.current().pid() + " ";
    /** Identifies this copy of the library among others in this JVM. */
    private static final String COPY = HERE + RandomId.next();

    private static final int ATTEMPTS = 100;

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> READ_AND_WRITE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Object key;
    private final FileChannel channel;
    private final boolean writable;
    private int uses = 1;

    private SharedChannel(Object key, FileChannel channel, boolean writable) {
        this.key = key;
        this.channel = channel;
        this.writable = writable;
    }

    /**
     * Opens a file for reading and writing, not following a symbolic link, or returns the channel that is open.
     *
     * @throws NoSuchFileException if there is none
     */
    public static SharedChannel open(Path path) throws IOException {
        return open(path, true);
    }

    /**
     * As {@link #open}, but only for reading if the file must not be written, and then only for queries of locks.
     *
     * @throws NoSuchFileException if there is none
     */
    public static SharedChannel openForReading(Path path) throws IOException {
        try {
            return open(path, true);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            return open(path, false);
        }
    }

    private static SharedChannel open(Path path, boolean writable) throws IOException {
        LOCK.lock();
        try {
            claimJvm(path);
            for (int i = 0; i < ATTEMPTS; i++) {
                Object key = keyOf(path);
                SharedChannel open = OPEN.get(key);
                if (open != null) {
                    return open.join(path, writable);
                }
                FileChannel channel = FileChannel.open(path, writable ? READ_AND_WRITE : READ);
                Object after = keyOf(path);
                if (key.equals(after)) {
                    return register(key, channel, writable);
                }
                // Replaced meanwhile: this channel may belong to the old or the new file.
                if (OPEN.isEmpty()) {
                    channel.close();
                } else {
                    UNCLOSABLE.add(channel);
                }
            }
            throw new IOException(path + " was replaced " + ATTEMPTS + " times while it was opened");
        } finally {
            releaseJvm();
            LOCK.unlock();
        }
    }

    /** Creates a file that must not exist. */
    public static SharedChannel create(Path path, FileAttribute<?>... attributes) throws IOException {
        LOCK.lock();
        try {
            claimJvm(path);
            FileChannel channel = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    attributes);
            return register(keyOf(path), channel, true);
        } finally {
            releaseJvm();
            LOCK.unlock();
        }
    }

    /**
     * Returns the channel, only for {@link FileChannel#tryLock} and {@code release}: they do not block, so an interrupt of
     * the calling thread leaves the channel open. Everything else uses {@link #transfer}.
     */
    FileChannel forLocks() {
        return channel;
    }

    /** Returns whether exclusive locks can be taken; shared ones only otherwise. */
    boolean isWritable() {
        return writable;
    }

    /**
     * Reads, writes or maps on a separate thread: an interrupt of the calling thread would close the channel, and release
     * every lock of this process. The thread is not in the caller's group, which could be interrupted as a whole.
     */
    public <T> T transfer(Transfer<T> transfer) throws IOException {
        FutureTask<T> task = new FutureTask<>(() -> transfer.run(channel));
        try {
            Threads.daemon("pm-region-transfer", task).start();
        } catch (OutOfMemoryError e) {
            throw new ResourcesExhaustedException(
                    "cannot access the file of a region: no thread can be created that an interrupt does not reach", e);
        }
        try {
            return Uninterruptibles.get(task);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    /** An operation on the channel. */
    public interface Transfer<T> {
        T run(FileChannel channel) throws IOException;
    }

    /** Returns whether the path still names this file. */
    public boolean isAt(Path path) {
        try {
            return key.equals(keyOf(path));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns what identifies the file, to be compared with {@link #keyOf}. */
    public Object key() {
        return key;
    }

    /** Adds a user. */
    public SharedChannel share() {
        LOCK.lock();
        try {
            uses++;
            return this;
        } finally {
            LOCK.unlock();
        }
    }

    /** Removes a user; the last one closes the channel. */
    public void release() {
        LOCK.lock();
        try {
            if (--uses == 0) {
                OPEN.remove(key, this);
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            releaseJvm();
            LOCK.unlock();
        }
    }

    private static void claimJvm(Path path) {
        Object owner = System.getProperties()
                .merge(COPY_PROPERTY, COPY, (old, mine) -> ((String) old).startsWith(HERE) ? old : mine);
        if (!owner.equals(COPY)) {
            throw new RegionException(
                    Reason.SYSTEM,
                    "cannot open region " + path
                            + ": a copy of this library in another class loader of this JVM has regions"
                            + " open, and without the native layer each would drop the other's locks; let both use one"
                            + " copy, or enable the native layer");
        }
    }

    private static void releaseJvm() {
        if (OPEN.isEmpty() && UNCLOSABLE.isEmpty()) {
            System.getProperties().remove(COPY_PROPERTY, COPY);
        }
    }

    private SharedChannel join(Path path, boolean forWriting) throws IOException {
        if (forWriting && !writable) { // a second channel would drop the locks of this one
            throw new AccessDeniedException(path.toString(), null, "this process is reading the file");
        }
        uses++;
        return this;
    }

    private static SharedChannel register(Object key, FileChannel channel, boolean writable) {
        SharedChannel shared = new SharedChannel(key, channel, writable);
        OPEN.put(key, shared);
        return shared;
    }

    /** Returns what identifies the file that a path names now. */
    public static Object keyOf(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return key == null ? path.toRealPath(LinkOption.NOFOLLOW_LINKS) : key;
    }
}
