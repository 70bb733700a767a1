package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.ObjectCare;
import org.processmanager.sync.internal.region.Parking;
import org.processmanager.sync.internal.region.RegionObject;
import org.processmanager.sync.internal.region.Words;

/**
 * The seat of a dead end becomes free, and the other end looks again. What the dead one had committed or taken stands in the
 * lane, where its successor goes on: there is nothing to mark.
 */
final class ChannelCare implements ObjectCare {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        free(memory, ChannelDescriptor.senderSeat(at), dead);
        free(memory, ChannelDescriptor.receiverSeat(at), dead);
        // Also when there was nothing to free: who freed it may have died before it woke.
        new WaitWord(memory, ChannelDescriptor.receiverWait(at), parking).wake();
        new WaitWord(memory, ChannelDescriptor.senderWait(at), parking).wake();
    }

    private static void free(ByteBuffer memory, int seat, int dead) {
        Words.casInt(memory, ChannelDescriptor.seatOwner(seat), dead, 0);
    }

    @Override
    public int shownBytes(RegionObject object) {
        return ChannelDescriptor.lane(0);
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        if (ChannelDescriptor.damagePosition(copy, 0) >= 0) {
            return new Look("damaged", List.of(), 0);
        }
        List<OwnerWord> ends = new ArrayList<>();
        String sender = end(copy, ChannelDescriptor.senderSeat(0), "sender", isDead, ends);
        String receiver = end(copy, ChannelDescriptor.receiverSeat(0), "receiver", isDead, ends);
        return new Look(sender + ", " + receiver, ends, 0);
    }

    private static String end(ByteBuffer copy, int seat, String role, IntPredicate isDead, List<OwnerWord> ends) {
        int owner = Words.intVolatile(copy, ChannelDescriptor.seatOwner(seat));
        if (owner == 0) {
            return "no " + role;
        }
        ends.add(new OwnerWord(owner, 0, 0));
        return isDead.test(owner) ? "dead " + role : role;
    }
}
