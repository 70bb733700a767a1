package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.util.List;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.MutationGuard;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * What survivors do for a dead participant: mark every word that names it, wake who sleeps there, and free its slot last.
 *
 * <p>How it is safe. Who repairs holds the slot's repair byte, so there is one at a time, and a slot is taken only with
 * that byte or in the state FREE. Death is proven under the byte: a state that is not FREE, read before the unlocked byte of
 * life, cannot be that of a newcomer. Words are marked before anybody is woken, since a waiter that has looked and does not
 * sleep yet would miss the waking and must find the word changed. All steps can be repeated: who dies at it drops the byte,
 * and the next one begins anew. The slot is freed last, since from then on a word may name it again.
 *
 * <p>Crash points: {@code repair.proven}, {@code repair.marked} (of all objects), {@code repair.freed}.
 */
final class Repair {
    private final ByteBuffer memory;
    private final LockBytes locks;
    private final ObjectDirectory directory;
    private final Parking parking;
    private final MutationGuard changes;

    Repair(ByteBuffer memory, LockBytes locks, ObjectDirectory directory, Parking parking, MutationGuard changes) {
        this.memory = memory;
        this.locks = locks;
        this.directory = directory;
        this.parking = parking;
        this.changes = changes;
    }

    /** Repairs a slot of which the caller holds the byte of life; false if somebody else is at it. */
    boolean ofOwnSlot(int slot) {
        if (SlotLayout.stateAcquire(memory, slot) == SlotLayout.FREE) {
            return true;
        }
        if (!locks.tryLock(LockBytes.repair(slot))) {
            return false;
        }
        try {
            if (SlotLayout.stateAcquire(memory, slot) != SlotLayout.FREE) {
                repair(slot);
            }
            return true;
        } finally {
            locks.unlock(LockBytes.repair(slot));
        }
    }

    /** Repairs the slot of another participant if it is dead, unless somebody else is at it. */
    void of(int slot) {
        changes.make(() -> repairIfDead(slot));
    }

    private boolean repairIfDead(int slot) {
        if (!locks.tryLock(LockBytes.repair(slot))) {
            return false;
        }
        try {
            int state = SlotLayout.stateAcquire(memory, slot);
            if (state != SlotLayout.FREE && !locks.isLocked(LockBytes.alive(slot))) {
                repair(slot);
            }
            return true;
        } finally {
            locks.unlock(LockBytes.repair(slot));
        }
    }

    private void repair(int slot) {
        CrashPoint.reach("repair.proven");
        SlotLayout.stateRelease(memory, slot, SlotLayout.DEAD);
        int dead = Participants.word(slot, SlotLayout.generationAcquire(memory, slot));
        for (RegionObject object : objects()) {
            ObjectHandler care = ObjectHandler.of(object.kind().code());
            if (care != null) {
                care.repair(memory, parking, object, dead);
            }
        }
        CrashPoint.reach("repair.marked");
        SlotLayout.stateRelease(memory, slot, SlotLayout.FREE);
        CrashPoint.reach("repair.freed");
    }

    /** Of a damaged directory nothing: its objects are refused to who opens them, and others must be able to join. */
    private Iterable<RegionObject> objects() {
        try {
            return directory.objects();
        } catch (RegionException e) {
            return List.of();
        }
    }
}
