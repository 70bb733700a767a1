package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.recorder.SharedEvents;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.lock.MutationGuard;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * Repairs what a dead participant owned: marks every word that names it, wakes the sleepers, and frees its slot last.
 *
 * <p>Why it is safe. A repairer holds the repair byte of the slot, so there is one at a time, and a slot is taken only under
 * that byte or in the state FREE. Death is proven under the byte: a state other than FREE, read before the alive byte was
 * seen unlocked, cannot belong to a newcomer. Words are marked before sleepers are woken: a waiter that has read the word and
 * does not sleep yet would miss the wake-up and must find the word changed. Every step can be repeated: if a repairer is
 * killed, the kernel releases the byte, and another one starts again. The slot is freed last, since from then on words may
 * name it again.
 *
 * <p>A repairer may be suspended and keeps the byte meanwhile. Words can be marked without the byte, since death is final and
 * a marking is a compare-and-set of the whole word; only freeing the slot requires it. So users that depend on repair mark
 * the words of their objects themselves if the byte is taken ({@link #mark}).
 *
 * <p>Crash points: {@code repair.proven}, {@code repair.marked} (of all objects), {@code repair.freed}.
 */
final class Repair {
    private final Path path;
    private final ByteBuffer memory;
    private final RegionHeader header;
    private final LockBytes locks;
    private final ObjectDirectory directory;
    private final Parking parking;
    private final MutationGuard mutations;

    Repair(
            Path path,
            ByteBuffer memory,
            RegionHeader header,
            LockBytes locks,
            ObjectDirectory directory,
            Parking parking,
            MutationGuard mutations) {
        this.path = path;
        this.memory = memory;
        this.header = header;
        this.locks = locks;
        this.directory = directory;
        this.parking = parking;
        this.mutations = mutations;
    }

    /** Repairs a slot whose alive byte the caller holds; returns false if another process is repairing it. */
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

    /** Repairs the slot of another participant if it is dead; returns false if another process is repairing it. */
    boolean of(int slot) {
        mutations.enter();
        try {
            return repairIfDead(slot);
        } finally {
            mutations.exit();
        }
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

    /** Marks what a participant owned that is proven dead, while another process is repairing its slot. */
    void mark(int dead) {
        mutations.enter();
        try {
            for (RegionObject object : objects()) {
                ObjectHandler handler = ObjectHandler.of(object.type().code());
                if (handler != null && handler.mark(memory, object, dead)) {
                    handler.repair(memory, parking, object, dead); // wakes the sleepers
                }
            }
        } finally {
            mutations.exit();
        }
    }

    private void repair(int slot) {
        CrashPoint.reach("repair.proven");
        long pid = SlotLayout.pidPlain(memory, slot);
        SlotLayout.stateRelease(memory, slot, SlotLayout.DEAD);
        int dead = Participants.word(slot, SlotLayout.generationAcquire(memory, slot));
        for (RegionObject object : objects()) {
            ObjectHandler handler = ObjectHandler.of(object.type().code());
            if (handler != null) {
                handler.repair(memory, parking, object, dead);
            }
        }
        for (int record = 0; record < header.slots(); record++) {
            WaitLayout.release(memory, WaitRecords.offset(header.waitsOffset(), record), dead);
        }
        CrashPoint.reach("repair.marked");
        SlotLayout.stateRelease(memory, slot, SlotLayout.FREE);
        CrashPoint.reach("repair.freed");
        if (JfrState.isStarted()) {
            SharedEvents.repaired(path, pid);
        }
    }

    /** Returns no objects if the directory is damaged: opening them is refused, but participants must be able to join. */
    private Iterable<RegionObject> objects() {
        try {
            return directory.objects();
        } catch (RegionException e) {
            return List.of();
        }
    }
}
