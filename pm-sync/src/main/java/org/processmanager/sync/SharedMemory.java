package org.processmanager.sync;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.processmanager.core.Inheritable;
import org.processmanager.core.InheritedResources;
import org.processmanager.core.internal.posix.Memory;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.AnonymousFiles;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.RegionInspector;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.file.UnfinishedFiles;

/**
 * A region of memory that processes share, with named objects in it.
 *
 * <pre>{@code
 * try (SharedMemory shop = SharedMemory.openOrCreate("shop", megabytes(1))) {
 *     SharedMutex mutex = shop.mutex("stock");
 *     try (Hold hold = mutex.acquire()) {
 *         ...
 *     }
 *     SharedBoundedBuffer orders = shop.boundedBuffer("orders", 1024, 64);
 *     orders.put(order);
 * }
 * }</pre>
 *
 * <p>A region is a file that is complete when its name appears, so any number of processes may open it at once. It outlives
 * them until it is deleted; a region that is opened by name lies in memory and ends with the machine, or with the last session
 * of its user where the system cleans up then ({@code RemoveIPC} of logind). Opening an object by the same name gives the same
 * object, in every process.
 *
 * <p>A region has room for 256 participants and 256 named objects; its tables take the first 88 KiB, and each object a few
 * lines of 64 bytes more than its content. It has at least 90 112 bytes where pages have 4 KiB, and at most 2 GiB.
 *
 * <p>After {@link #delete()}, and after its file was deleted or replaced by other means, the next process that opens the path
 * gets another region. Within two seconds every operation of the old handles and of their objects throws a
 * {@link RegionException} with {@link RegionException.Reason#DELETED} or {@link RegionException.Reason#REPLACED}, and
 * {@code isValid()} of holds and leases is false, so that processes do not lock two files of one name for long.
 *
 * <p>Thread-safe. Another handle of the same region, in the same JVM or another, is another participant. <b>When a process
 * dies</b>, its handles are recognized as dead by locks that the kernel releases, never by time; each object documents what
 * that means.
 *
 * <p>The file is accessible to its owner only, and a file of another user is refused, since a process that can write it can
 * corrupt its content. Shrinking the file while it is open crashes the processes that use it.
 *
 * <p><b>Without the native layer</b>, no other code of this JVM may open the file while it is open here, not even to read or
 * copy it: closing the file releases the locks of the whole process on it, so that other processes take this one for dead, and
 * two owners of one mutex follow. This is how POSIX defines these locks.
 */
public final class SharedMemory extends SharedObjects implements AutoCloseable, Inheritable {
    static {
        new SyncObjectTypes().register(); // also where jars were merged and their services lost
    }

    /** Created by this handle instead of a region without a name, which needs the native layer. */
    private final boolean deleteOnClose;

    private SharedMemory(Region region) {
        this(region, false);
    }

    private SharedMemory(Region region, boolean deleteOnClose) {
        super(region);
        this.deleteOnClose = deleteOnClose;
    }

    /**
     * Opens an existing region by its name.
     *
     * @param name 1 to 80 ASCII letters, digits, dots, underscores and hyphens; no leading dot
     * @return the region, to be closed
     * @throws IllegalArgumentException if the name is invalid
     * @throws RegionException if it does not exist or cannot be opened
     */
    public static SharedMemory open(String name) {
        return open(RegionDirectory.resolve(name));
    }

    /**
     * Opens an existing region by the path of its file.
     *
     * @param path of the file
     * @return the region, to be closed
     * @throws RegionException if it does not exist or cannot be opened
     */
    public static SharedMemory open(Path path) {
        return new SharedMemory(Region.open(PathText.check("path", path), OpenMode.OPEN_EXISTING, 0));
    }

    /**
     * Creates a region by its name, in {@link #directory()}, which only this user may enter.
     *
     * @param name 1 to 80 ASCII letters, digits, dots, underscores and hyphens; no leading dot
     * @param bytes size of the whole region, at most 2 GiB
     * @return the region, to be closed
     * @throws IllegalArgumentException if the name is invalid or the size out of range
     * @throws RegionException if it exists already or cannot be created
     */
    public static SharedMemory create(String name, long bytes) {
        return create(RegionDirectory.resolve(name), bytes);
    }

    /**
     * Creates a region by the path of its file. On a disk its content survives a reboot, but the last writes may be lost.
     *
     * @param path of the file; its directory must exist
     * @param bytes size of the whole region, at most 2 GiB
     * @return the region, to be closed
     * @throws IllegalArgumentException if the size is out of range
     * @throws RegionException if it exists already or cannot be created
     */
    public static SharedMemory create(Path path, long bytes) {
        return new SharedMemory(Region.open(PathText.check("path", path), OpenMode.CREATE_NEW, bytes));
    }

    /**
     * Opens a region by its name, or creates it in {@link #directory()}. Processes that do so at the same time get the same
     * region.
     *
     * @param name 1 to 80 ASCII letters, digits, dots, underscores and hyphens; no leading dot
     * @param bytes size of the whole region if it is created, at most 2 GiB; an existing one must not be smaller
     * @return the region, to be closed
     * @throws IllegalArgumentException if the name is invalid or the size out of range
     * @throws RegionException if it cannot be opened or created
     */
    public static SharedMemory openOrCreate(String name, long bytes) {
        return openOrCreate(RegionDirectory.resolve(name), bytes);
    }

    /**
     * Opens a region by the path of its file, or creates it. Processes that do so at the same time get the same region.
     *
     * @param path of the file; its directory must exist
     * @param bytes size of the whole region if it is created, at most 2 GiB; an existing one must not be smaller
     * @return the region, to be closed
     * @throws IllegalArgumentException if the size is out of range
     * @throws RegionException if it cannot be opened or created
     */
    public static SharedMemory openOrCreate(Path path, long bytes) {
        return new SharedMemory(Region.open(PathText.check("path", path), OpenMode.OPEN_OR_CREATE, bytes));
    }

    /**
     * Creates a region without a name, which only children can open that inherit it:
     *
     * <pre>{@code
     * SharedMemory shop = SharedMemory.anonymous(megabytes(1));
     * manager.command("worker").pass("shop", shop).start();
     *
     * SharedMemory shop = SharedMemory.inherited("shop");    // in the child, if it is a JVM
     * }</pre>
     *
     * <p>It ends with the last process that has it, and can neither shrink nor grow. A region with a name can be passed as
     * well; the child then opens its file. Without the native layer the region has a file, which is deleted when this handle is
     * closed, or after this process was killed by the next process that creates such a region.
     *
     * @param bytes size of the whole region, at most 2 GiB
     * @return the region, to be closed
     * @throws IllegalArgumentException if the size is out of range
     * @throws RegionException if it cannot be created
     */
    public static SharedMemory anonymous(long bytes) {
        if (RegionFile.isNative() && Memory.hasMemoryFiles()) {
            return new SharedMemory(Region.anonymous(bytes));
        }
        return new SharedMemory(Region.open(AnonymousFiles.next(), OpenMode.CREATE_NEW, bytes), true);
    }

    /**
     * Opens a region that the parent process passed to this one. Each call returns another handle.
     *
     * @param name the name under which it was passed
     * @return the region, to be closed
     * @throws IllegalArgumentException if the name is invalid
     * @throws RegionException if nothing was passed under that name, or no region
     */
    public static SharedMemory inherited(String name) {
        InheritedResources resource = InheritedResources.find(name)
                .orElseThrow(() -> new RegionException(
                        RegionException.Reason.NOT_FOUND,
                        "cannot open region '" + name + "': it was not passed to this process; start it with pass(\""
                                + name + "\", region)"));
        return new SharedMemory(
                resource.descriptor().isPresent()
                        ? Region.ofDescriptor(resource.descriptor().getAsInt())
                        : Region.open(resource.path(), OpenMode.OPEN_EXISTING, 0));
    }

    /**
     * Returns the directory of the regions that are opened by name: {@code /dev/shm/pm-<user id>}; where {@code /dev/shm} is
     * missing or this user may not write to it, {@code pm-<user id>} in the temporary directory, with a warning in the log.
     * In a container that shares {@code /dev/shm} with its host, another user of the host may have the same number, and the
     * directory of one is refused to the other: open regions by paths there.
     *
     * @return the directory, which is created with the first region
     */
    public static Path directory() {
        return RegionDirectory.path();
    }

    /**
     * Deletes the unfinished files in {@link #directory()} of processes that were killed while they created a region. They are
     * named {@code .<region>.<uuid>.tmp} and exist only without the native layer or on file systems without unnamed files; the
     * next creation of the same region deletes them as well. Regions stay.
     *
     * @return the files that were deleted
     */
    public static List<Path> deleteUnfinished() {
        return UnfinishedFiles.sweepAll(directory());
    }

    /**
     * Returns a number of megabytes in bytes.
     *
     * @param megabytes how many times 1 048 576 bytes, 0 or more
     * @return bytes
     * @throws IllegalArgumentException if it is negative
     */
    public static long megabytes(int megabytes) {
        if (megabytes < 0) {
            throw new IllegalArgumentException("megabytes: " + megabytes + " (expected: 0 or more)");
        }
        return (long) megabytes << 20;
    }

    /**
     * Returns the current state of a region without opening it. Takes no slot, writes nothing and does not block.
     *
     * @param path of its file
     * @return the state, which may change at any time
     * @throws RegionException if it is no region that can be read
     */
    public static RegionSnapshot snapshot(Path path) {
        return RegionInspector.inspect(PathText.check("path", path).toAbsolutePath());
    }

    /**
     * Returns the current state of this region, as {@link #snapshot(Path)} does.
     *
     * @return the state, which may change at any time
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the file was deleted or replaced, or its content is damaged
     */
    public RegionSnapshot snapshot() {
        return region.snapshot();
    }

    /**
     * Returns which threads wait for objects of this region, and the owners of these objects, as
     * {@link WaitGraph#of(SharedMemory...)} does.
     *
     * @return the graph
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted or replaced, or its content is damaged
     */
    public WaitGraph waitGraph() {
        return WaitGraph.of(this);
    }

    @Override
    public int openForChild() {
        return region.childAccess().openDescriptor();
    }

    @Override
    public Optional<Path> fileForChild() {
        return region.childAccess().file();
    }

    /**
     * Returns the file of this region.
     *
     * @return its absolute path when it was opened; for a region without a name, a description that names no file
     */
    public Path path() {
        return region.path();
    }

    /**
     * Deletes the region: its name is free at once, and opening it or waiting in it throws {@link RegionException}, for waiting
     * threads within about 100 ms. Memory and open handles remain until they are closed.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the file system refuses
     */
    public void delete() {
        region.delete();
    }

    /**
     * Closes this handle. Threads that wait through it, and later uses of it or its objects, get
     * {@link IllegalStateException}; mutexes that are held through it are acquired by others as those of dead owners. The
     * region itself remains. Idempotent.
     */
    @Override
    public void close() {
        if (deleteOnClose && !region.isClosed()) {
            region.delete();
        }
        region.close();
    }

    @Override
    public String toString() {
        return region.toString();
    }
}
