package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        if (!ChannelLayout.isSound(object)) {
            return;
        }
        int first = object.offset();
        free(memory, ChannelLayout.receiverSlot(first), dead);
        for (int lane = 0; lane < object.dimension(1); lane++) {
            int block = ChannelLayout.block(first, object.dimension(0), lane);
            free(memory, ChannelLayout.senderSlot(block), dead);
            // Even if nothing changed: a previous repairer may have died between freeing and waking.
            new WaitWord(memory, ChannelLayout.senderWait(block), parking).wake();
        }
        new WaitWord(memory, ChannelLayout.receiverWait(first), parking).wake();
    }

    private static void free(ByteBuffer memory, int slot, int dead) {
        Words.casInt(memory, ChannelLayout.slotOwner(slot), dead, 0);
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        return state((position, bytes) -> copy.slice(position, bytes).order(ByteOrder.nativeOrder()), object, isDead);
    }

    @Override
    public State state(Bytes bytes, RegionObject object, IntPredicate isDead) {
        if (!ChannelLayout.isSound(object)) {
            return new State("of inconsistent size", List.of(), 0);
        }
        int senders = object.dimension(1);
        List<OwnerWord> ends = new ArrayList<>();
        int dead = 0;
        int receiver = 0;
        for (int lane = 0; lane < senders; lane++) {
            int block = ChannelLayout.block(0, object.dimension(0), lane);
            ByteBuffer words = bytes.read(block, ChannelLayout.lane(0));
            if (ChannelLayout.damagePosition(words, 0) >= 0) {
                return new State(senders == 1 ? "damaged" : "lane " + lane + " damaged", List.of(), 0);
            }
            int owner = Words.intVolatile(words, ChannelLayout.slotOwner(ChannelLayout.senderSlot(0)));
            if (owner != 0) {
                ends.add(new OwnerWord(owner, 0, 0));
                dead += isDead.test(owner) ? 1 : 0;
            }
            if (lane == 0) {
                receiver = Words.intVolatile(words, ChannelLayout.slotOwner(ChannelLayout.receiverSlot(0)));
            }
        }
        String sending = senders == 1 ? describeSender(ends.size(), dead) : describeSenders(senders, ends.size(), dead);
        if (receiver != 0) {
            ends.add(new OwnerWord(receiver, 0, 0));
        }
        String receiving = receiver == 0 ? "no receiver" : isDead.test(receiver) ? "dead receiver" : "receiver";
        return new State(sending + ", " + receiving, ends, 0);
    }

    private static String describeSender(int count, int dead) {
        return count == 0 ? "no sender" : dead == 0 ? "sender" : "dead sender";
    }

    private static String describeSenders(int slots, int count, int dead) {
        return count + " of " + slots + " senders" + (dead == 0 ? "" : " (" + dead + " dead)");
    }
}
