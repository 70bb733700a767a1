package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * Frees the slot of a dead sender or receiver and wakes the other end. Nothing needs to be marked: what a dead owner has
 * committed or taken is in the lane, where its successor continues.
 */
final class ChannelHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        free(memory, ChannelLayout.senderSlot(at), dead);
        free(memory, ChannelLayout.receiverSlot(at), dead);
        // Even if nothing changed: a previous repairer may have died between freeing and waking.
        new WaitWord(memory, ChannelLayout.receiverWait(at), parking).wake();
        new WaitWord(memory, ChannelLayout.senderWait(at), parking).wake();
    }

    private static void free(ByteBuffer memory, int slot, int dead) {
        Words.casInt(memory, ChannelLayout.slotOwner(slot), dead, 0);
    }

    @Override
    public int stateBytes(RegionObject object) {
        return ChannelLayout.lane(0);
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        if (ChannelLayout.damagePosition(copy, 0) >= 0) {
            return new State("damaged", List.of(), 0);
        }
        List<OwnerWord> ends = new ArrayList<>();
        String sender = describeEnd(copy, ChannelLayout.senderSlot(0), "sender", isDead, ends);
        String receiver = describeEnd(copy, ChannelLayout.receiverSlot(0), "receiver", isDead, ends);
        return new State(sender + ", " + receiver, ends, 0);
    }

    private static String describeEnd(
            ByteBuffer copy, int slot, String role, IntPredicate isDead, List<OwnerWord> ends) {
        int owner = Words.intVolatile(copy, ChannelLayout.slotOwner(slot));
        if (owner == 0) {
            return "no " + role;
        }
        ends.add(new OwnerWord(owner, 0, 0));
        return isDead.test(owner) ? "dead " + role : role;
    }
}
