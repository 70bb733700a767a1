package org.processmanager.ipc.internal.channel;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.processmanager.ipc.internal.HotWords;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * The slot of one end of a channel, for one living participant at a time. A slot with a dead owner is free: the participant
 * that proves the death may take it.
 */
public final class EndSlot {
    private final ByteBuffer memory;
    private final Participants participants;
    private final IntBuffer ints;
    private final int owner;
    private final int ownersSoFar;

    /**
     * Creates a view of a slot.
     *
     * @param owner offset of the word with the owner
     * @param ownersSoFar offset of the word that counts owners
     */
    public EndSlot(Region region, int owner, int ownersSoFar) {
        this.memory = region.memory();
        this.ints = HotWords.ints(memory);
        this.participants = region.participants();
        this.owner = owner;
        this.ownersSoFar = ownersSoFar;
    }

    /**
     * Takes the slot; returns 0, or the living participant that has it.
     *
     * @param deadline until when it waits for the proof that the owner is dead, if its process has ended
     */
    public int take(Deadline deadline) {
        while (true) {
            int seen = ownerVolatile();
            if (participants.isAlive(seen, deadline)) {
                return seen;
            }
            if (Words.casInt(memory, owner, seen, participants.self())) {
                Words.addLong(memory, ownersSoFar, 1);
                return 0;
            }
        }
    }

    /** Frees the slot if this participant has it. */
    public void free() {
        Words.casInt(memory, owner, participants.self(), 0);
    }

    /** Returns the owner, dead or alive, or 0. */
    public int ownerVolatile() {
        return Words.intVolatile(memory, owner);
    }

    /** Returns whether there is an owner, dead or alive; each empty poll of a receiver asks. */
    public boolean hasOwner() {
        return HotWords.intAcquire(ints, owner) != 0;
    }

    /** Returns whether a living participant has the slot. Asks the kernel, and frees the slot of a dead owner. */
    public boolean isTaken() {
        int seen = ownerVolatile();
        if (isAlive(seen)) {
            return true;
        }
        if (seen != 0) {
            Words.casInt(memory, owner, seen, 0);
        }
        return false;
    }

    /** Returns how many owners the slot has had. */
    public long ownersSoFar() {
        return Words.longVolatile(memory, ownersSoFar);
    }

    /** Returns whether a participant is alive; 0 is none. */
    public boolean isAlive(int participant) {
        return participants.isAlive(participant);
    }
}
