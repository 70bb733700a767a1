package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionInfo;
import org.processmanager.sync.internal.region.file.InheritableFd;
import org.processmanager.sync.internal.region.file.Mapping;
import org.processmanager.sync.internal.region.file.NativeRegionFile;
import org.processmanager.sync.internal.region.file.RegionErrors;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.lock.CreationLock;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.MutationGuard;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.park.Parking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handle on a shared file: its memory, its objects by name, its participants. One handle is one participant; several
 * handles of one JVM are several.
 *
 * <p>How it lives. A file is complete when its name appears. Opening reads and checks the header, maps the file, opens its
 * locks, and takes a participant slot. Closing lets all waits return, puts private memory in the place of the mapping, and
 * only then gives up the locks: before that others must not believe this participant dead, since a thread of it could still
 * be writing. The range itself stays until the buffer is unreachable, so that no access, however late, is a fault. Crash
 * point: {@code region.retired}.
 */
public final class Region implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Region.class);

    private final Path path;
    private final RegionHeader header;
    private final RegionFile file;
    private final ByteBuffer memory;
    private final Mapping mapping;
    private final LockBytes locks;
    private final Participants participants;
    private final Parking parking;
    private final MutationGuard changes = new MutationGuard();
    private final CreationLock creation;
    private final RegionObjects objects;
    private final Repair repair;
    private final @Nullable DeathWatch deathWatch;
    private final Predicate<Path> isAt;
    private final InheritableFd heirs;
    /** Of its mutexes; see {@link #addOwnerCheck}. */
    private final List<OwnerCheck> ownerChecks = new CopyOnWriteArrayList<>();

    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean closed;
    /** Closed, or displaced: the file has lost its name to nobody or to another one. */
    private volatile boolean unusable;

    private volatile boolean displaced;

    /** Takes part in a region whose header was found good. */
    Region(Path path, RegionHeader header, RegionFile file) {
        this.path = path;
        this.header = header;
        this.file = file;
        locks = file.openLocks();
        creation = new CreationLock(path, locks, changes);
        Mapping mapped = null;
        try {
            mapped = file.map(locks);
            mapping = mapped;
            memory = mapping.memory();
            parking = new Parking(mapping);
            ObjectDirectory directory = new ObjectDirectory(path, memory, header);
            repair = new Repair(memory, locks, directory, parking, changes);
            participants = Participants.join(path, memory, locks, header.slots(), repair);
            deathWatch = parking.isNative() ? new DeathWatch(participants, parking) : null;
            isAt = file.identity();
            if (!parking.isNative()) {
                RegionLayout.raiseFlag(memory, RegionLayout.POLLERS);
            }
            // Who deletes raises the flag before it removes the name, so a slot taken after that sees it here.
            RegionHeader.throwIfClosedForAll(path, RegionLayout.flagsVolatile(memory));
            objects = new RegionObjects(this, directory, creation, header.slots());
            heirs = new InheritableFd(file.keepForHeirs());
            RegionWatcher.add(this);
        } catch (RuntimeException e) {
            if (mapped != null) {
                mapped.detach(path.toString());
            }
            locks.close();
            throw e;
        }
    }

    /**
     * Opens or creates a region.
     *
     * @param path of its file
     * @param mode whether it must exist, must not, or may
     * @param bytes size of the file if it is created, rounded up to pages; an existing one must not be smaller, 0 takes any
     * @throws IllegalArgumentException if a region cannot have that size
     * @throws RegionException if it cannot be opened or created; the file is untouched then
     */
    public static Region open(Path path, OpenMode mode, long bytes) {
        return RegionOpening.open(path.toAbsolutePath(), mode, bytes);
    }

    /**
     * Makes a region without a name, which ends with its last handle; others get it by {@link #openForHeir()}.
     *
     * @throws IllegalArgumentException if a region cannot have that size
     * @throws RegionException if it cannot be made
     */
    public static Region anonymous(long bytes) {
        return RegionOpening.anonymous(bytes);
    }

    /**
     * Opens the region of a descriptor that was handed over, which stays open.
     *
     * @throws RegionException if it is none
     */
    public static Region ofDescriptor(int descriptor) {
        return RegionOpening.ofDescriptor(descriptor);
    }

    /** Whether it has no name: heirs get a descriptor then, else the path. */
    public boolean isAnonymous() {
        return heirs.isPresent();
    }

    /**
     * A descriptor of a region without a name, close-on-exec, for a child.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted or poisoned, or no descriptor is free
     */
    public int openForHeir() {
        try {
            return heirs.duplicate(this::checkUsable);
        } catch (PosixException e) {
            throw RegionErrors.cannotOpen(path, RegionException.Reason.SYSTEM, e);
        }
    }

    /**
     * The name by which a child opens this very region; empty if it has none.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted, displaced or poisoned
     */
    public Optional<Path> fileForHeir() {
        checkUsable();
        checkName();
        checkUsable();
        return isAnonymous() ? Optional.empty() : Optional.of(path);
    }

    /** Looks at the tables and objects by reading; for a region without a name, which nobody finds by its path. */
    public RegionInfo inspect() {
        if (!heirs.isPresent()) {
            checkOpen();
            RegionInfo info = RegionInspector.inspect(path);
            if (!info.id().equals(header.id())) {
                RegionHeader.throwIfClosedForAll(path, RegionLayout.flagsVolatile(memory));
                throw RegionErrors.displaced(path);
            }
            return info;
        }
        int mine = openForHeir();
        try (RegionFile file = NativeRegionFile.ofDescriptor(path, mine)) {
            return RegionInspector.inspect(path, file);
        } finally {
            Files.close(mine);
        }
    }

    /** The region from its first byte, in native order. For absolute access alone: position and limit belong to all. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Where its file was when it was opened, absolute. */
    public Path path() {
        return path;
    }

    /** The number that tells it from a region that had its name before. */
    public UUID id() {
        return header.id();
    }

    /** What it holds, by name. */
    public RegionObjects objects() {
        return objects;
    }

    /** Who uses it. */
    public Participants participants() {
        return participants;
    }

    /** Sleeping on its words. */
    public Parking parking() {
        return parking;
    }

    /** As {@link #repair}, for who has got what it wanted already: a failure is left to others. */
    public void repairQuietly(int participant) {
        try {
            repair(participant);
        } catch (RuntimeException e) {
            LOG.debug("cannot repair what a dead participant of {} left; others will", path, e);
        }
    }

    /** Repairs what all dead participants left, and watches the processes of the others: for waits, before each sleep. */
    public void repairDead() {
        for (int slot = 1; slot <= header.slots(); slot++) {
            int participant = participants.other(slot);
            if (participant == 0) {
                continue;
            }
            if (participants.isDead(slot, Participants.generation(participant))) {
                repair(participant);
            } else {
                watchOwner(participant);
            }
        }
    }

    /** Whether this handle was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether nothing may be acquired any more: it was closed, or the file lost its name; {@link #checkUsable} throws then. */
    public boolean isUnusable() {
        return unusable;
    }

    /** Watches the process of a participant that somebody here waits for, so that its end is noticed sooner. */
    public void watchOwner(int participant) {
        DeathWatch watch = deathWatch;
        if (watch != null) {
            watch.watch(participant);
        }
    }

    /**
     * Repairs what a participant left that is proven dead, in all objects of the kinds that are known here, unless somebody
     * else is at it. Of a participant that lives it does nothing.
     */
    public void repair(int participant) {
        if (Participants.slot(participant) == Participants.slot(participants.self())) {
            return; // this handle lives, and its own byte of life would look free to it
        }
        try {
            repair.of(Participants.slot(participant));
        } catch (IllegalStateException e) {
            checkOpen(); // closed meanwhile, else it is another matter
            throw e;
        }
    }

    /**
     * Refuses a closed handle; cheap enough for every operation.
     *
     * @throws IllegalStateException if this handle is closed
     */
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("region " + path + " is closed");
        }
    }

    /**
     * Refuses a closed handle where closing leaves the shared words in reach, without the native layer: before a
     * compare-and-set that cannot succeed on the private memory of a closed handle. Elsewhere it does nothing and costs
     * nothing.
     *
     * @throws IllegalStateException if this handle is closed, without the native layer
     */
    public void checkReach() {
        if (!Mapping.DETACHES) {
            checkOpen();
        }
    }

    /**
     * Refuses a closed handle and a region that was deleted, displaced or poisoned: for waits, once a slice.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws RegionException if the region was deleted, displaced or poisoned
     */
    public void checkUsable() {
        checkOpen();
        RegionHeader.throwIfClosedForAll(path, RegionLayout.flagsVolatile(memory));
        checkPlace();
    }

    /** Two groups of processes that believe to share a name would each be right alone. */
    void checkName() {
        if (!displaced && !isAt.test(path) && (RegionLayout.flagsVolatile(memory) & RegionLayout.DELETED) == 0) {
            displaced = true;
            unusable = true;
            parking.wakeSleepers();
        }
    }

    /** Something that a thread of this process may own. */
    public interface OwnerCheck {
        /** Releases it if its owner is a terminated thread of this handle; false if there is nothing to check any longer. */
        boolean check();
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

    /** Releases what terminated threads of this process own in the region, through whichever handle. */
    public void checkOwnersOfProcess() {
        RegionWatcher.checkOwners(header.id());
    }

    /** @throws RegionException if the file lost its name */
    void checkPlace() {
        if (displaced) {
            throw RegionErrors.displaced(path);
        }
    }

    /**
     * Closes the region for all: who waits in it is told within a slice, who opens it is refused, and its name is free. The
     * memory stays until all handles are closed.
     */
    public void delete() {
        checkOpen();
        creation.run(() -> {
            RegionLayout.raiseFlag(memory, RegionLayout.DELETED);
            CrashPoint.reach("region.retired");
            return RegionOpening.removeName(path, file);
        });
    }

    /** Closes this handle: who waits through it gets {@link IllegalStateException}. Closing again does nothing. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closed = true;
        unusable = true;
        RegionWatcher.remove(this);
        heirs.close();
        parking.close();
        if (deathWatch != null) {
            deathWatch.close();
        }
        changes.end();
        participants.leave();
        mapping.detach(path.toString());
        locks.close();
    }

    @Override
    public String toString() {
        return "region " + path + (closed ? " (closed)" : "");
    }
}
