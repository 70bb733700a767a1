package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The place of one end of a channel, for one living participant at a time. A dead one's place is free: whoever proves the
 * death may take it.
 */
final class ChannelSlot {
    private final ByteBuffer memory;
    private final Participants participants;
    private final int owner;
    private final int joined;

    ChannelSlot(Region region, int seat) {
        this.memory = region.memory();
        this.participants = region.participants();
        this.owner = ChannelLayout.seatOwner(seat);
        this.joined = ChannelLayout.seatJoined(seat);
    }

    /** Takes the seat; 0, or the living participant that has it. */
    int take() {
        while (true) {
            int seen = ownerVolatile();
            if (isAlive(seen)) {
                return seen;
            }
            if (Words.casInt(memory, owner, seen, participants.self())) {
                Words.addLong(memory, joined, 1);
                return 0;
            }
        }
    }

    /** Leaves the seat. */
    void leave() {
        Words.casInt(memory, owner, participants.self(), 0);
    }

    /** Who has the seat, dead or alive; 0 for nobody. */
    int ownerVolatile() {
        return Words.intVolatile(memory, owner);
    }

    /** Whether somebody living has the seat. Asks the kernel; a seat of the dead is then free. */
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

    /** How many have had the seat, one after another. */
    long joined() {
        return Words.longVolatile(memory, joined);
    }

    private boolean isAlive(int participant) {
        return participants.isSlot(participant)
                && !participants.isDead(Participants.slot(participant), Participants.generation(participant));
    }
}
