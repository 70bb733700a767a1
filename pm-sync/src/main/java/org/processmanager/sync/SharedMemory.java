package org.processmanager.sync;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.processmanager.core.Inheritable;
import org.processmanager.core.InheritedResources;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.RegionInspector;
import org.processmanager.sync.internal.region.file.RegionDirectory;

/**
 * A region of memory that processes share, with named objects in it to wait on and to talk through.
 *
 * <pre>{@code
 * try (SharedMemory shop = SharedMemory.named("shop", OPEN_OR_CREATE, megabytes(1))) {
 *     SharedMutex mutex = shop.mutex("stock");
 *     try (Hold hold = mutex.acquire()) {
 *         ...
 *     }
 *     SharedBoundedBuffer orders = shop.boundedBuffer("orders", 1024, 64);
 *     orders.put(order);
 * }
 * }</pre>
 *
 * <p>It is a file, complete from the moment at which its name appears, so any number of processes may open it at once. It
 * outlives them all, until somebody deletes it; one without a path lies in memory and ends with the machine, or
 * with the last session of its user where the system is set up to clean up then ({@code RemoveIPC} of logind). Opening an
 * object by a name that it has already gives the same object, in this and in every process.
 *
 * <p>A region has room for 256 participants and 256 named objects; its tables take the first 72 KiB of it, and each object a
 * few lines of 64 bytes more than its content. It has at least 73 728 bytes where pages have 4 KiB, and at most 2 GiB. Its
 * file keeps the name under which it was opened: if it is deleted or replaced by other means than {@link #delete()}, whoever
 * waits for or acquires anything in it, or opens an object, gets a {@link RegionException} with
 * {@link RegionException.Reason#REPLACED} within about a second, so that two groups never lock two files of one name for
 * long.
 *
 * <p>A handle is for all threads of a process. Another handle of the same region, in the same JVM or another, is another
 * participant. <b>When a process dies</b>, its handles are recognised as dead by the locks that the kernel drops, never by
 * time; what that means is said by each kind of object.
 *
 * <p>Whoever may write the file may break what is in it; it is therefore made for its owner alone, and a file of another
 * user's is refused. A file that somebody shrinks while it is open ends the processes that use it.
 */
public final class SharedMemory implements AutoCloseable, Inheritable {
    static {
        new SyncObjectTypes().register(); // also where somebody packed jars into one and lost their services
    }

    private final Region region;
    private final ObjectHandles objects;
    /** Made by this handle without a name for people, where there are no files without any: gone with the handle. */
    private final boolean deleteOnClose;

    private SharedMemory(Region region) {
        this(region, false);
    }

    private SharedMemory(Region region, boolean deleteOnClose) {
        this.region = region;
        objects = new ObjectHandles(region);
        this.deleteOnClose = deleteOnClose;
    }

    /**
     * Opens or creates a region by its name, in {@code /dev/shm/pm-<user id>/}, which only this user may enter.
     *
     * @param name letters and digits of ASCII, {@code . _ -}, 1 to 80 of them, not starting with a dot
     * @param mode whether it must exist, must not, or may
     * @param bytes size of the whole region if it is created, at most 2 GiB; an existing one must not be smaller; with
     *     {@link OpenMode#OPEN_EXISTING} 0 takes any
     * @return the region, to be closed
     * @throws IllegalArgumentException if a name or size is out of range
     * @throws RegionException if it cannot be opened or created; the file is untouched then
     */
    public static SharedMemory named(String name, OpenMode mode, long bytes) {
        return new SharedMemory(Region.open(RegionDirectory.resolve(name), mode, bytes));
    }

    /**
     * Opens or creates a region by the path of its file. On a file system on a disk its content outlives the machine's
     * stop, without a promise of what the last writes were.
     *
     * @param path of the file; its folder must exist
     * @param mode whether it must exist, must not, or may
     * @param bytes size of the whole region if it is created, at most 2 GiB; an existing one must not be smaller; with
     *     {@link OpenMode#OPEN_EXISTING} 0 takes any
     * @return the region, to be closed
     * @throws IllegalArgumentException if the size is out of range
     * @throws RegionException if it cannot be opened or created; the file is untouched then
     */
    public static SharedMemory open(Path path, OpenMode mode, long bytes) {
        return new SharedMemory(Region.open(Objects.requireNonNull(path, "path"), mode, bytes));
    }

    /**
     * Makes a region without a name, which nobody can open but the children to which it is handed over:
     *
     * <pre>{@code
     * SharedMemory shop = SharedMemory.anonymous(megabytes(1));
     * manager.command("worker").pass("shop", shop).start();
     *
     * SharedMemory shop = SharedMemory.inherited("shop");    // in the child, if it is a JVM
     * }</pre>
     *
     * <p>It ends with the last process that has it, and can neither shrink nor grow. A region with a name can be handed over
     * as well; the child then opens its file.
     *
     * <p>Without the native layer it is a file with a name of its own after all, which is deleted for all when this handle is
     * closed.
     *
     * @param bytes size of the whole region, at most 2 GiB
     * @return the region, to be closed
     * @throws IllegalArgumentException if the size is out of range
     * @throws RegionException if it cannot be made
     */
    public static SharedMemory anonymous(long bytes) {
        if (NativeLayer.available()) {
            return new SharedMemory(Region.anonymous(bytes));
        }
        Path path = RegionDirectory.resolve("anonymous-" + UUID.randomUUID());
        return new SharedMemory(Region.open(path, OpenMode.CREATE_NEW, bytes), true);
    }

    /**
     * Opens a region that the parent handed over to this process, another handle each time.
     *
     * @param name the name that the parent gave it
     * @return the region, to be closed
     * @throws IllegalArgumentException if it is no name of a resource
     * @throws RegionException if nothing was handed over by that name, or what was is no region
     */
    public static SharedMemory inherited(String name) {
        InheritedResources resource = InheritedResources.find(name)
                .orElseThrow(() -> new RegionException(
                        RegionException.Reason.NOT_FOUND,
                        "cannot open region '" + name
                                + "': none was handed over to this process; start it with pass(\"" + name
                                + "\", region)"));
        return new SharedMemory(
                resource.descriptor().isPresent()
                        ? Region.ofDescriptor(resource.descriptor().getAsInt())
                        : Region.open(resource.path(), OpenMode.OPEN_EXISTING, 0));
    }

    /**
     * Where the regions of this user lie that have a name and no path.
     *
     * @return the folder, which is made with the first region
     */
    public static Path folder() {
        return RegionDirectory.path();
    }

    /**
     * So many times 1 048 576.
     *
     * @param megabytes how many, 0 or more
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
     * Looks at a region without opening it: takes no part, writes nothing, disturbs nobody.
     *
     * @param path of its file
     * @return what it held at this moment
     * @throws RegionException if it is no region that can be read here
     */
    public static RegionInfo inspect(Path path) {
        return RegionInspector.inspect(Objects.requireNonNull(path, "path").toAbsolutePath());
    }

    /**
     * Opens a mutex, or makes it.
     *
     * @param name as that of a region; unique among the objects of all kinds
     * @return the mutex, one for each handle and name
     * @throws IllegalArgumentException if it is no name
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to another kind of object, or there is no room
     */
    public SharedMutex mutex(String name) {
        return objects.mutex(name);
    }

    /**
     * Opens a semaphore, or makes it.
     *
     * @param name as that of a region; unique among the objects of all kinds
     * @param permits how many it has when it is made; all who open it say the same number
     * @return the semaphore, one for each handle and name
     * @throws IllegalArgumentException if it is no name, or the permits are negative
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to another kind of object or other permits, or there is no room
     */
    public SharedSemaphore semaphore(String name, int permits) {
        return objects.semaphore(name, permits);
    }

    /**
     * Opens a leased semaphore, or makes it.
     *
     * @param name as that of a region; unique among the objects of all kinds
     * @param permits how many it has, 1 to 65 536; all who open it say the same number
     * @return the semaphore, one for each handle and name
     * @throws IllegalArgumentException if it is no name, or the permits are out of range
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to another kind of object or other permits, or there is no room
     */
    public LeasedSemaphore leasedSemaphore(String name, int permits) {
        return objects.leasedSemaphore(name, permits);
    }

    /**
     * Opens a bounded buffer, or makes it, that redelivers what a dead consumer had.
     *
     * @param name as that of a region; unique among the objects of all kinds
     * @param cells how many items it can hold, at least 1
     * @param cellBytes how long an item can be, at least 1
     * @return the buffer, one for each handle and name
     * @throws IllegalArgumentException if it is no name, or a number is below 1
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to another kind of object or other numbers, or there is no room
     */
    public SharedBoundedBuffer boundedBuffer(String name, int cells, int cellBytes) {
        return boundedBuffer(name, cells, cellBytes, SharedBoundedBuffer.OnConsumerDeath.REDELIVER);
    }

    /**
     * Opens a bounded buffer, or makes it.
     *
     * @param name as that of a region; unique among the objects of all kinds
     * @param cells how many items it can hold, at least 1
     * @param cellBytes how long an item can be, at least 1
     * @param onConsumerDeath what happens to the items that a dead consumer had; all who open it say the same
     * @return the buffer, one for each handle and name
     * @throws IllegalArgumentException if it is no name, or a number is below 1
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to another kind of object or other numbers, or there is no room
     */
    public SharedBoundedBuffer boundedBuffer(
            String name, int cells, int cellBytes, SharedBoundedBuffer.OnConsumerDeath onConsumerDeath) {
        return objects.boundedBuffer(name, cells, cellBytes, onConsumerDeath);
    }

    /**
     * Opens a number, or makes it with the value 0.
     *
     * @param name as that of a region; unique among the objects of all kinds
     * @return the number, one for each handle and name
     * @throws IllegalArgumentException if it is no name
     * @throws IllegalStateException if this region is closed
     * @throws RegionException if the name belongs to another kind of object, or there is no room
     */
    public SharedLong atomicLong(String name) {
        return objects.atomicLong(name);
    }

    /**
     * Removes an object of any kind: its name is free at once, also for another kind. All who have it are told by a
     * {@link RegionException} with {@link RegionException.Reason#REMOVED}: who waits for it within about a tenth of a second,
     * in every process, who uses it later at once. Whoever holds something of it goes on and may give it back, which does
     * nothing any more, and is not known to who opens the name anew: what is in use is better not removed.
     *
     * <p>Its room is used again when the last handle is closed that was open when it was removed, since threads of those may
     * be in the middle of using it. Who makes and removes many things while others stay takes a region for each.
     *
     * @param name of the object
     * @return whether there was one
     * @throws IllegalArgumentException if it is no name
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region's file was deleted or replaced, or its content is damaged
     */
    public boolean remove(String name) {
        boolean removed = region.objects().remove(name);
        objects.forgetRemoved(name);
        return removed;
    }

    /**
     * Looks at this region as {@link #inspect(Path)} does.
     *
     * @return what it holds at this moment
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the file was deleted or replaced, or its content is damaged
     */
    public RegionInfo inspect() {
        return region.inspect();
    }

    @Override
    public int openForChild() {
        return region.openForHeir();
    }

    @Override
    public Optional<Path> fileForChild() {
        return region.fileForHeir();
    }

    /**
     * The file of this region.
     *
     * @return its absolute path when it was opened; of one without a name something for people, that names no file
     */
    public Path path() {
        return region.path();
    }

    /**
     * Deletes the region: its name is free at once, who opens it later gets {@link RegionException}, and so does who waits
     * in it, within about a tenth of a second. Memory and open handles stay until they are closed.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the file system refuses
     */
    public void delete() {
        region.delete();
    }

    /**
     * Closes this handle. Who waits through it, or uses it or its objects later, gets {@link IllegalStateException}; mutexes
     * that are held through it are handed over as those of the dead. The region itself stays. Closing again does nothing.
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
