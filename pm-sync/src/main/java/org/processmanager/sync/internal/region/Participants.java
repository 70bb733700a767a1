package org.processmanager.sync.internal.region;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;

/**
 * The participants of a region, of which this handle is one.
 *
 * <p>A participant is a slot and the slot's generation at that time. It holds the slot's byte of {@link LockBytes} from
 * before its first word until after its last, so an unlocked byte proves it dead; another generation does too, since only
 * the holder of the byte changes it. A slot whose byte is free and whose state is not is that of a dead participant: whoever
 * wants the slot repairs first what that one left ({@link Repair}). Crash points: {@code slot.locked},
 * {@code slot.claiming}, {@code slot.live}.
 */
public final class Participants {
    private static final int GENERATION_MASK = 0xffff;
    private static final int SLOT_SHIFT = 16;

    private final ByteBuffer memory;
    private final LockBytes locks;
    private final int slots;
    private final int self;
    private final int selfGeneration;

    private Participants(ByteBuffer memory, LockBytes locks, int slots, int self) {
        this.memory = memory;
        this.locks = locks;
        this.slots = slots;
        this.self = self;
        this.selfGeneration = SlotLayout.generationAcquire(memory, self) & GENERATION_MASK;
    }

    /** Takes the first slot that is free, or that of a dead participant. */
    static Participants join(Path path, ByteBuffer memory, LockBytes locks, int slots, Repair repair) {
        for (int slot = 1; slot <= slots; slot++) {
            if (locks.tryLock(LockBytes.alive(slot))) {
                CrashPoint.reach("slot.locked");
                if (repair.ofOwnSlot(slot)) {
                    claim(memory, slot);
                    return new Participants(memory, locks, slots, slot);
                }
                locks.unlock(LockBytes.alive(slot));
            }
        }
        throw new RegionException(
                Reason.FULL,
                "cannot join region " + path + ": all " + slots + " participant slots are taken by living processes "
                        + firstHolders(memory, slots) + "; close handles that are not needed");
    }

    private static void claim(ByteBuffer memory, int slot) {
        SlotLayout.stateRelease(memory, slot, SlotLayout.CLAIMING);
        SlotLayout.generationRelease(memory, slot, SlotLayout.generationAcquire(memory, slot) + 1);
        CrashPoint.reach("slot.claiming");
        SlotLayout.describePlain(
                memory, slot, ProcessHandle.current().pid(), startTicks(), System.currentTimeMillis(), mainClass());
        // Before the directory is looked at: what is removed from now on may be known here.
        SlotLayout.removalsSeenPlain(memory, slot, RegionLayout.removalsVolatile(memory));
        SlotLayout.stateRelease(memory, slot, SlotLayout.LIVE);
        // Either whoever wants the room of a removed object sees this slot, or this one sees that the object is
        // removed.
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

    /** This participant as words name it: slot in bits 28 to 16, generation in bits 15 to 0; never 0. */
    public int self() {
        return word(self, selfGeneration);
    }

    /** A participant as words name it. */
    public static int word(int slot, int generation) {
        return slot << SLOT_SHIFT | (generation & GENERATION_MASK);
    }

    /** The slot in a participant's word. */
    public static int slot(int word) {
        return word >>> SLOT_SHIFT & SlotLayout.LARGEST_SLOT;
    }

    /** The generation in a participant's word. */
    public static int generation(int word) {
        return word & GENERATION_MASK;
    }

    /** Whether the word names a slot that this region has. */
    public boolean isSlot(int word) {
        int slot = slot(word);
        return slot >= 1 && slot <= slots;
    }

    /**
     * Whether a participant is proven dead: killed, or gone by closing its handle. False may be too late by a moment, true is
     * certain. This handle itself is alive by definition.
     */
    public boolean isDead(int slot, int generation) {
        if (slot == self) {
            return generation != selfGeneration;
        }
        // The generation first: one that was right before an unlocked byte was seen is of a participant that gave it
        // up.
        return (SlotLayout.generationAcquire(memory, slot) & GENERATION_MASK) != generation
                || SlotLayout.stateAcquire(memory, slot) == SlotLayout.FREE
                || !locks.isLocked(LockBytes.alive(slot));
    }

    /** The participant in a slot, alive or not, as words name it; 0 if there is none, or if it is this one. */
    int other(int slot) {
        return slot == self || SlotLayout.stateAcquire(memory, slot) == SlotLayout.FREE
                ? 0
                : word(slot, SlotLayout.generationAcquire(memory, slot));
    }

    /** Whether a participant that was in the slot when it was looked at can do nothing any more. */
    boolean isGone(int slot) {
        return slot != self && !locks.isLocked(LockBytes.alive(slot));
    }

    /** A slot as people want to see it: {@code pid 4711 (com.example.Shop)}. */
    public String describe(int slot) {
        return "pid " + SlotLayout.pidPlain(memory, slot) + " (" + SlotLayout.namePlain(memory, slot) + ")";
    }

    /** What the process behind a slot calls itself, for people. */
    public String name(int slot) {
        return SlotLayout.namePlain(memory, slot);
    }

    /** The process behind a slot, for people: numbers are used again. */
    public long pid(int slot) {
        return SlotLayout.pidPlain(memory, slot);
    }

    /** Notes for people that a thread begins to wait for the object at that offset. */
    public void beginWait(int object) {
        SlotLayout.addWait(memory, self, object, 1);
    }

    /** Takes back what {@link #beginWait} noted. */
    public void endWait(int object) {
        SlotLayout.addWait(memory, self, object, -1);
    }

    /** Says that this participant goes; it stays alive until its byte is free. */
    void leave() {
        SlotLayout.stateRelease(memory, self, SlotLayout.LEAVING);
    }

    private static long startTicks() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            // The name in parentheses may hold anything; start time is field 22, so the 20th after it.
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
        } catch (IOException | RuntimeException e) {
            return 0; // for people only
        }
    }

    private static String mainClass() {
        String command = System.getProperty("sun.java.command", "java");
        return command.isEmpty() ? "java" : command.split(" ", 2)[0];
    }
}
