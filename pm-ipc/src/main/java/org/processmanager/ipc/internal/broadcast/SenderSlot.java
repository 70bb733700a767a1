package org.processmanager.ipc.internal.broadcast;

import java.nio.ByteBuffer;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.layout.Words;

/** The slot of the sender, for one living participant at a time. A slot with a dead owner is free. */
final class SenderSlot {
    private final ByteBuffer memory;
    private final Participants participants;
    private final int owner;
    private final int ownersSoFar;

    SenderSlot(ByteBuffer memory, int channel, Participants participants) {
        this.memory = memory;
        this.participants = participants;
        owner = BroadcastLayout.senderOwner(channel);
        ownersSoFar = BroadcastLayout.sendersSoFar(channel);
    }

    /**
     * Takes the slot.
     *
     * @throws ChannelBusyException naming the living participant that has it
     */
    void take(Endpoint endpoint) {
        while (true) {
            int seen = ownerVolatile();
            if (isAlive(seen)) {
                int slot = Participants.slot(seen);
                throw new ChannelBusyException(
                        "cannot send to " + endpoint + ": the sender is " + participants.describe(slot)
                                + "; a broadcast has one at a time",
                        participants.pid(slot));
            }
            if (Words.casInt(memory, owner, seen, participants.self())) {
                Words.addLong(memory, ownersSoFar, 1);
                return;
            }
        }
    }

    /** Frees the slot if this participant has it. */
    void free() {
        Words.casInt(memory, owner, participants.self(), 0);
    }

    /** Returns the owner, dead or alive, or 0. */
    int ownerVolatile() {
        return Words.intVolatile(memory, owner);
    }

    /** Returns whether a living participant has the slot. Asks the kernel, and frees the slot of a dead owner. */
    boolean isTaken() {
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
    long ownersSoFar() {
        return Words.longVolatile(memory, ownersSoFar);
    }

    boolean isAlive(int participant) {
        return participants.isSlot(participant)
                && !participants.isDead(Participants.slot(participant), Participants.generation(participant));
    }
}
