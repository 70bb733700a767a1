package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * The seat of a dead end becomes free, and the other end looks again. What the dead one had committed or taken stands in the
 * lane, where its successor goes on: there is nothing to mark.
 */
final class ChannelHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int at = object.offset();
        free(memory, ChannelLayout.senderSeat(at), dead);
        free(memory, ChannelLayout.receiverSeat(at), dead);
        // Also when there was nothing to free: who freed it may have died before it woke.
        new WaitWord(memory, ChannelLayout.receiverWait(at), parking).wake();
        new WaitWord(memory, ChannelLayout.senderWait(at), parking).wake();
    }

    private static void free(ByteBuffer memory, int seat, int dead) {
        Words.casInt(memory, ChannelLayout.seatOwner(seat), dead, 0);
    }

    @Override
    public int shownBytes(RegionObject object) {
        return ChannelLayout.lane(0);
    }

    @Override
    public Look look(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        if (ChannelLayout.damagePosition(copy, 0) >= 0) {
            return new Look("damaged", List.of(), 0);
        }
        List<OwnerWord> ends = new ArrayList<>();
        String sender = end(copy, ChannelLayout.senderSeat(0), "sender", isDead, ends);
        String receiver = end(copy, ChannelLayout.receiverSeat(0), "receiver", isDead, ends);
        return new Look(sender + ", " + receiver, ends, 0);
    }

    private static String end(ByteBuffer copy, int seat, String role, IntPredicate isDead, List<OwnerWord> ends) {
        int owner = Words.intVolatile(copy, ChannelLayout.seatOwner(seat));
        if (owner == 0) {
            return "no " + role;
        }
        ends.add(new OwnerWord(owner, 0, 0));
        return isDead.test(owner) ? "dead " + role : role;
    }
}
