package org.processmanager.sync.internal.region;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * The participants of a region, of which this handle is one.
 *
 * <p>A participant is a slot and the slot's generation at that time. It holds the slot's byte of {@link LockBytes} from
 * before its first write until after its last, so an unlocked byte proves that it is dead. A changed generation proves it
 * too, since only the holder of the byte changes it. A slot whose byte is free and whose state is not FREE belonged to a dead
 * participant, which is repaired ({@link Repair}) before the slot is reused. Crash points: {@code slot.locked},
 * {@code slot.claiming}, {@code slot.live}.
 */
public final class Participants {
    private static final int GENERATION_MASK = 0xffff;
    private static final int SLOT_SHIFT = 16;
    private static final Duration LONGEST_DYING = Duration.ofSeconds(1);

    private final ByteBuffer memory;
    private final LockBytes locks;
    private final int slots;
    private final int self;
    private final int selfGeneration;
    private final WaitRecords waits;
    private final IntPredicate absent = new Absent();

    private Participants(Path path, ByteBuffer memory, LockBytes locks, RegionHeader header, int self) {
        this.memory = memory;
        this.locks = locks;
        this.slots = header.slots();
        this.self = self;
        this.selfGeneration = SlotLayout.generationAcquire(memory, self) & GENERATION_MASK;
        waits = new WaitRecords(path, memory, header, self());
    }

    /** Takes the first slot that is free or belongs to a dead participant. */
    static Participants join(Path path, ByteBuffer memory, LockBytes locks, RegionHeader header, Repair repair) {
        Deadline deadline = untilRefusal();
        while (true) {
            int slot = takeSlot(memory, locks, header.slots(), repair);
            if (slot != 0) {
                return new Participants(path, memory, locks, header, slot);
            }
            if (deadline.isOver() || !hasAnyEnded(memory, header.slots())) {
                throw new RegionException(
                        Reason.FULL,
                        "cannot join region " + path + ": all " + header.slots()
                                + " participant slots are taken by living processes "
                                + firstHolders(memory, header.slots()) + "; close unused handles");
            }
            Uninterruptibles.run(() -> Thread.sleep(1));
        }
    }

    /** Returns the slot, or 0 if all are locked. */
    private static int takeSlot(ByteBuffer memory, LockBytes locks, int slots, Repair repair) {
        for (int slot = 1; slot <= slots; slot++) {
            if (locks.tryLock(LockBytes.alive(slot))) {
                CrashPoint.reach("slot.locked");
                if (repair.ofOwnSlot(slot)) {
                    claim(memory, slot);
                    return slot;
                }
                locks.unlock(LockBytes.alive(slot));
            }
        }
        return 0;
    }

    private static boolean hasAnyEnded(ByteBuffer memory, int slots) {
        for (int slot = 1; slot <= slots; slot++) {
            if (ProcessStat.hasEnded(SlotLayout.pidPlain(memory, slot))) {
                return true;
            }
        }
        return false;
    }

    private static void claim(ByteBuffer memory, int slot) {
        SlotLayout.stateRelease(memory, slot, SlotLayout.CLAIMING);
        SlotLayout.generationRelease(memory, slot, SlotLayout.generationAcquire(memory, slot) + 1);
        CrashPoint.reach("slot.claiming");
        SlotLayout.describePlain(
                memory,
                slot,
                ProcessHandle.current().pid(),
                ProcessStat.ownStartTicks(),
                System.currentTimeMillis(),
                mainClass());
        // Before the directory is read: objects that are removed from now on may be in use here.
        SlotLayout.removalsSeenPlain(memory, slot, RegionLayout.removalsVolatile(memory));
        SlotLayout.stateRelease(memory, slot, SlotLayout.LIVE);
        // Either a process that reuses the memory of a removed object sees this slot, or this one sees the removal.
        VarHandle.fullFence();
        CrashPoint.reach("slot.live");
    }

    private static List<Long> firstHolders(ByteBuffer memory, int slots) {
        List<Long> pids = new ArrayList<>();
        for (int slot = 1; slot <= Math.min(slots, 5); slot++) {
            pids.add(SlotLayout.pidPlain(memory, slot));
        }
        return pids;
    }

    /** Returns this participant as words name it: slot in bits 28 to 16, generation in bits 15 to 0; never 0. */
    public int self() {
        return word(self, selfGeneration);
    }

    /** Returns a participant as words name it. */
    public static int word(int slot, int generation) {
        return slot << SLOT_SHIFT | (generation & GENERATION_MASK);
    }

    /** Returns the slot in a participant's word. */
    public static int slot(int word) {
        return word >>> SLOT_SHIFT & SlotLayout.LARGEST_SLOT;
    }

    /** Returns the generation in a participant's word. */
    public static int generation(int word) {
        return word & GENERATION_MASK;
    }

    /** Returns whether the word names a slot of this region. */
    public boolean isSlot(int word) {
        int slot = slot(word);
        return slot >= 1 && slot <= slots;
    }

    /**
     * Returns whether a participant is proven dead: killed, or its handle closed. True is certain; false may be outdated.
     * This handle itself is alive by definition.
     */
    public boolean isDead(int slot, int generation) {
        if (slot == self) {
            return generation != selfGeneration;
        }
        // The generation first: if it matched before the byte was seen unlocked, that participant has released the
        // byte.
        return (SlotLayout.generationAcquire(memory, slot) & GENERATION_MASK) != generation
                || SlotLayout.stateAcquire(memory, slot) == SlotLayout.FREE
                || !locks.isLocked(LockBytes.alive(slot));
    }

    /** Returns until when a refusal because of living participants waits for the proof that they are dead. */
    public static Deadline untilRefusal() {
        return Deadline.after(LONGEST_DYING);
    }

    /** Returns whether a word names a participant that is not proven dead; a word that names no slot does not. */
    public boolean isAlive(int word) {
        return isSlot(word) && !isDead(slot(word), generation(word));
    }

    /**
     * As {@link #isAlive(int)}, but waits for the proof of its death if the process of the participant has ended. The lock of
     * such a process remains while another one reads its files in /proc, and a participant that joins holds the lock of its
     * slot while it repairs it.
     */
    public boolean isAlive(int word, Deadline deadline) {
        while (isAlive(word)) {
            if (deadline.isOver() || !ProcessStat.hasEnded(pid(slot(word)))) {
                return true;
            }
            Uninterruptibles.run(() -> Thread.sleep(1));
        }
        return false;
    }

    /** Returns the participant in a slot, dead or alive, as words name it; 0 if there is none, or if it is this one. */
    int other(int slot) {
        return slot == self || SlotLayout.stateAcquire(memory, slot) == SlotLayout.FREE
                ? 0
                : word(slot, SlotLayout.generationAcquire(memory, slot));
    }

    /** Returns the predicate that tells whether no live participant has a slot. */
    IntPredicate absent() {
        return absent;
    }

    /** Whether no live participant has a slot. */
    private final class Absent implements IntPredicate {
        @Override
        public boolean test(int slot) {
            return slot != self && !locks.isLocked(LockBytes.alive(slot));
        }
    }

    /** Returns a slot in words: {@code pid 4711 (com.example.Shop)}. */
    public String describe(int slot) {
        return "pid " + SlotLayout.pidPlain(memory, slot) + " (" + SlotLayout.namePlain(memory, slot) + ")";
    }

    /** Returns the main class of the process in a slot; informational. */
    public String name(int slot) {
        return SlotLayout.namePlain(memory, slot);
    }

    /** Returns the process id in a slot; informational, since process ids are reused. */
    public long pid(int slot) {
        return SlotLayout.pidPlain(memory, slot);
    }

    /** Returns the records of the threads of this participant that wait. */
    public WaitRecords waits() {
        return waits;
    }

    /**
     * Records that the current thread waits for the object at an offset; informational.
     *
     * @param purpose one of those of {@link WaitLayout}
     * @return what {@link #endWait} expects
     */
    public int beginWait(int object, int purpose, Deadline deadline) {
        return waits.beginWait(object, purpose, deadline != Deadline.NEVER);
    }

    /** Reverts {@link #beginWait}. */
    public void endWait(int object, int wait) {
        waits.endWait(object, wait);
    }

    /** Marks this participant as leaving; it is alive until its byte is free. */
    void leave() {
        waits.releaseAll();
        SlotLayout.stateRelease(memory, self, SlotLayout.LEAVING);
    }

    private static String mainClass() {
        String command = System.getProperty("sun.java.command", "java");
        int end = command.indexOf(' ');
        return command.isEmpty() ? "java" : end < 0 ? command : command.substring(0, end);
    }
}
