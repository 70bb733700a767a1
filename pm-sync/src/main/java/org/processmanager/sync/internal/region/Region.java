package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.internal.region.file.FileIdentity;
import org.processmanager.sync.internal.region.file.InheritableFd;
import org.processmanager.sync.internal.region.file.Mapping;
import org.processmanager.sync.internal.region.file.RegionErrors;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.lock.CreationLock;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.MutationGuard;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.park.Parking;
import org.slf4j.LoggerFactory;

/**
 * A handle of a shared file: its memory, its objects by name, its participants. One handle is one participant; several
 * handles of one JVM are several.
 *
 * <p>Life cycle. A file is complete when its name appears. Opening reads and checks the header, maps the file, opens its
 * lock bytes, and takes a participant slot. Closing wakes all waiting threads, replaces the mapping by private memory, and
 * only then releases the lock bytes: before that, other processes must not consider this participant dead, since one of its
 * threads could still write. The address range is unmapped when the buffer becomes unreachable, so that no access, however
 * late, is a fault. Crash point: {@code region.deleted}.
 */
public final class Region implements AutoCloseable {
    private final Path path;
    private final RegionHeader header;
    private final RegionFile file;
    private final ByteBuffer memory;
    private final Mapping mapping;
    private final LockBytes locks;
    private final Participants participants;
    private final Parking parking;
    private final MutationGuard mutations = new MutationGuard();
    private final CreationLock creation;
    private final RegionObjects objects;
    private final Repair repair;
    private final @Nullable DeathWatch deathWatch;
    private final FileIdentity identity;
    private final ChildAccess childAccess;
    /** Of its mutexes; see {@link #addOwnerCheck}. */
    private final List<OwnerCheck> ownerChecks = new CopyOnWriteArrayList<>();

    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean repairsPeriodically;
    private volatile boolean closed;
    /** Closed, or the region was deleted, replaced or poisoned: nothing can be used through this handle. */
    private volatile boolean unusable;

    /** Joins a region whose header was checked. */
    Region(Path path, RegionHeader header, RegionFile file) {
        this.path = path;
        this.header = header;
        this.file = file;
        locks = file.openLocks();
        creation = new CreationLock(path, locks, mutations);
        Mapping mapped = null;
        InheritableFd descriptor = new InheritableFd(RegionFile.NO_FD);
        boolean done = false;
        try {
            descriptor = new InheritableFd(file.keepForChildren());
            childAccess = new ChildAccess(this, descriptor);
            mapped = file.map(locks, descriptor);
            mapping = mapped;
            memory = mapping.memory();
            parking = new Parking(mapping);
            ObjectDirectory directory = new ObjectDirectory(path, memory, header);
            repair = new Repair(path, memory, header, locks, directory, parking, mutations);
            participants = Participants.join(path, memory, locks, header, repair);
            deathWatch = parking.isNative() ? new DeathWatch(participants, parking) : null;
            identity = file.identity();
            if (!parking.isNative()) {
                RegionLayout.raiseFlag(memory, RegionLayout.POLLERS);
            }
            // Deleting raises the flag before it removes the name, so a slot taken after that sees it here.
            RegionHeader.throwIfClosedForAll(path, RegionLayout.flagsVolatile(memory));
            objects = new RegionObjects(this, directory, creation, header);
            done = true;
        } finally {
            if (!done) {
                descriptor.close();
                if (mapped != null) {
                    mapped.detach(path.toString());
                }
                locks.close();
            }
        }
    }

    /**
     * Opens or creates a region.
     *
     * @param path of its file
     * @param mode whether it must exist, must not, or may
     * @param bytes size of the file if it is created, rounded up to pages; an existing one must not be smaller, 0 accepts any
     * @throws IllegalArgumentException if a region cannot have that size
     * @throws RegionException if it cannot be opened or created; the file is then unchanged
     */
    public static Region open(Path path, OpenMode mode, long bytes) {
        return RegionOpening.open(path.toAbsolutePath(), mode, bytes);
    }

    /**
     * Creates a region without a name, which ends with its last handle; children open it by {@link #childAccess()}.
     *
     * @throws IllegalArgumentException if a region cannot have that size
     * @throws RegionException if it cannot be created
     */
    public static Region anonymous(long bytes) {
        return RegionOpening.anonymous(bytes);
    }

    /**
     * Opens the region of an inherited descriptor, which stays open.
     *
     * @throws RegionException if it is no region
     */
    public static Region ofDescriptor(int descriptor) {
        return RegionOpening.ofDescriptor(descriptor);
    }

    /** Returns how children open it. */
    public ChildAccess childAccess() {
        return childAccess;
    }

    /** Returns the current state of its tables and objects, by reading the file. */
    public RegionSnapshot snapshot() {
        if (!childAccess.byDescriptor()) {
            checkOpen();
            RegionSnapshot snapshot = RegionInspector.inspect(path);
            if (!snapshot.id().equals(header.id())) {
                RegionHeader.throwIfClosedForAll(path, RegionLayout.flagsVolatile(memory));
                throw RegionErrors.replaced(path);
            }
            return snapshot;
        }
        return childAccess.snapshot();
    }

    /** Returns the whole region, in native order. For absolute access only: position and limit are shared. */
    public ByteBuffer memory() {
        return memory;
    }

    RegionHeader header() {
        return header;
    }

    /** Returns the absolute path of its file when it was opened. */
    public Path path() {
        return path;
    }

    /** Returns the id that distinguishes it from earlier regions of the same path. */
    public UUID id() {
        return header.id();
    }

    /** Returns its objects by name. */
    public RegionObjects objects() {
        return objects;
    }

    /** Returns its participants. */
    public Participants participants() {
        return participants;
    }

    /** Returns what parks threads on its words. */
    public Parking parking() {
        return parking;
    }

    /** Returns what lets closing wait for changes of several steps. */
    public MutationGuard mutations() {
        return mutations;
    }

    /** As {@link #repair}, after an acquisition: a failure is logged and left to other participants. */
    public void repairQuietly(int participant) {
        try {
            repair(participant);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Region.class)
                    .debug("cannot repair what a dead participant of {} owned; others will", path, e);
        }
    }

    /** Repairs what all dead participants owned; for those that another process is repairing, see {@link Repair#mark}. */
    public void repairDead() {
        for (int slot = 1; slot <= header.slots(); slot++) {
            int participant = participants.other(slot);
            if (participant != 0 && participants.isDead(slot, Participants.generation(participant))) {
                repair(participant);
            }
        }
    }

    /** Watches the processes of all other participants, as {@link #watchOwner} does. */
    public void watchOthers() {
        for (int slot = 1; slot <= header.slots(); slot++) {
            int participant = participants.other(slot);
            if (participant != 0) {
                watchOwner(participant);
            }
        }
    }

    /** Lets the deaths of participants be repaired ten times a second, for objects whose users may never have to wait. */
    public void repairPeriodically() {
        if (!repairsPeriodically) {
            repairsPeriodically = true;
            RegionWatcher.speedUp();
        }
    }

    boolean repairsPeriodically() {
        return repairsPeriodically;
    }

    /** Repairs what a participant owned, in all objects of known types, if it is proven dead; otherwise does nothing. */
    public void repair(int participant) {
        if (Participants.slot(participant) == Participants.slot(participants.self())
                || !participants.isSlot(participant)) {
            return; // its own lock byte would look free to this handle; a damaged word may name no slot
        }
        try {
            int slot = Participants.slot(participant);
            if (!repair.of(slot) && participants.isDead(slot, Participants.generation(participant))) {
                repair.mark(participant);
            }
        } catch (IllegalStateException e) {
            checkOpen(); // otherwise it was not closed meanwhile
            throw e;
        }
    }

    /** Watches the process of a participant that a thread waits for, so that its death is noticed sooner. */
    public void watchOwner(int participant) {
        DeathWatch watch = deathWatch;
        if (watch != null && participants.isSlot(participant)) {
            watch.watch(participant);
        }
    }

    /** Adds a check that runs once a second, and before each slice of a wait for a mutex. */
    public void addOwnerCheck(OwnerCheck check) {
        ownerChecks.add(check);
    }

    /** Releases what terminated threads own through this handle. */
    void checkOwners() {
        for (OwnerCheck check : ownerChecks) {
            if (!closed && !check.check()) {
                ownerChecks.remove(check);
            }
        }
    }

    /** Releases what terminated threads of this process own in the region, through any of its handles. */
    public void checkOwnersOfProcess() {
        RegionWatcher.checkOwners(header.id());
    }

    /** Returns how many participants the region has room for. */
    public int slots() {
        return header.slots();
    }

    /** Returns whether this handle was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Returns whether {@link #checkOpen} throws: nothing may be acquired. */
    public boolean isUnusable() {
        return unusable;
    }

    /**
     * Refuses a closed handle, and one whose region is known to have been deleted, replaced or poisoned; cheap enough for
     * every operation. {@link RegionWatcher} keeps that knowledge up to date.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted, replaced or poisoned
     */
    public void checkOpen() {
        if (unusable) {
            throw unusable();
        }
    }

    private RuntimeException unusable() {
        int flags = RegionLayout.flagsVolatile(memory); // before the next line, since closing makes them 0
        return closed ? new IllegalStateException("region " + path + " is closed") : RegionErrors.unusable(path, flags);
    }

    /**
     * Refuses a closed handle whose shared memory is still mapped, which is so on the portable path only: before a
     * compare-and-set that a closed handle must not make. On the native path it does nothing, at no cost, since such a
     * compare-and-set fails on the private memory.
     *
     * @throws IllegalStateException if this handle is closed, on the portable path
     * @throws RegionException if the region was deleted, replaced or poisoned, on the portable path
     */
    public void checkMapped() {
        if (!Mapping.DETACHES) {
            checkOpen();
        }
    }

    /**
     * As {@link #checkOpen}, after reading the flags of the region: for waits, once a slice.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted, replaced or poisoned
     */
    public void checkUsable() {
        if (isClosedForAll()) {
            unusable = true;
        }
        checkOpen();
    }

    private boolean isClosedForAll() {
        return (RegionLayout.flagsVolatile(memory) & RegionLayout.CLOSED_FOR_ALL) != 0;
    }

    /**
     * Checks that the region was not deleted or poisoned, and that the path still names this file; otherwise this handle
     * becomes unusable. Processes that use this file and processes that open the path would not exclude each other.
     */
    void verifyFile() {
        if (!unusable && (isClosedForAll() || !identity.matches(path))) {
            unusable = true;
            parking.wakeSleepers();
        }
    }

    /**
     * Closes the region for all: waiting threads get an exception within a slice, other users within two seconds
     * ({@link #verifyFile}), opening it is refused, and its name is free. The memory stays until all handles are closed.
     */
    public void delete() {
        if (closed) {
            throw unusable();
        }
        creation.lock();
        try {
            RegionLayout.raiseFlag(memory, RegionLayout.DELETED);
            CrashPoint.reach("region.deleted");
            RegionOpening.removeName(path, file);
        } finally {
            creation.unlock();
        }
        verifyFile();
    }

    /** Closes this handle: threads that wait through it get {@link IllegalStateException}. Idempotent. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closed = true;
        unusable = true;
        RegionWatcher.remove(this);
        childAccess.close();
        parking.close();
        if (deathWatch != null) {
            deathWatch.close();
        }
        mutations.close();
        participants.leave();
        mapping.detach(path.toString());
        locks.close();
        RegionWatcher.repairAfter(this);
    }

    @Override
    public String toString() {
        return "region " + path + (closed ? " (closed)" : "");
    }
}
