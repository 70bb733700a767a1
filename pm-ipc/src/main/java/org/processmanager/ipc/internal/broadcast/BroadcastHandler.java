package org.processmanager.ipc.internal.broadcast;

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
 * Frees the slots of a dead sender or receiver and wakes the others. Nothing needs to be marked: what a dead sender has
 * committed is in the lane, where its successor continues, and a free slot does not limit the sender.
 */
final class BroadcastHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        int channel = object.offset();
        Words.casInt(memory, BroadcastLayout.senderOwner(channel), dead, 0);
        for (int i = 0; i < object.dimension(1); i++) {
            int word = ReceiverLayout.word(BroadcastLayout.receiver(channel, i));
            long seen;
            do {
                seen = Words.longVolatile(memory, word);
            } while (ReceiverLayout.owner(seen) == dead && !Words.casLong(memory, word, seen, 0));
        }
        // Even if nothing changed: a previous repairer may have died between freeing and waking.
        new ReceiversWaitWord(memory, BroadcastLayout.receiversWait(channel), parking).wake();
        new WaitWord(memory, BroadcastLayout.senderWait(channel), parking).wake();
    }

    @Override
    public int stateBytes(RegionObject object) {
        return BroadcastLayout.lane(0, object.dimension(1));
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        if (BroadcastLayout.damagePosition(copy, 0) >= 0) {
            return new State("damaged", List.of(), 0);
        }
        List<OwnerWord> owners = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int sender = Words.intVolatile(copy, BroadcastLayout.senderOwner(0));
        if (sender != 0) {
            owners.add(new OwnerWord(sender, 0, 0));
        }
        text.append(sender == 0 ? "no sender" : isDead.test(sender) ? "dead sender" : "sender");
        long tail = Words.longVolatile(copy, BroadcastLayout.tail(0));
        int receivers = 0;
        for (int i = 0; i < object.dimension(1); i++) {
            int receiver = BroadcastLayout.receiver(0, i);
            long word = Words.longVolatile(copy, ReceiverLayout.word(receiver));
            int owner = ReceiverLayout.owner(word);
            if (owner != 0) {
                receivers++;
                owners.add(new OwnerWord(owner, 0, 0));
                text.append(", ").append(isDead.test(owner) ? "dead " : "").append("receiver (");
                text.append(describe(copy, receiver, ReceiverLayout.policy(word), tail))
                        .append(')');
            }
        }
        return new State(text.append(receivers == 0 ? ", no receiver" : "").toString(), owners, 0);
    }

    private static String describe(ByteBuffer copy, int receiver, int policy, long tail) {
        String lag = ", lag " + Math.max(0, tail - Words.longVolatile(copy, ReceiverLayout.cursor(receiver))) + " B";
        return switch (policy) {
            case ReceiverLayout.JOINING -> "joining";
            case ReceiverLayout.BLOCK -> "block" + lag;
            case ReceiverLayout.DROP_OLDEST ->
                "dropOldest" + lag + ", missed " + Words.longVolatile(copy, ReceiverLayout.missed(receiver));
            case ReceiverLayout.EVICT -> "evict" + lag;
            case ReceiverLayout.EVICTED ->
                "evicted at lag " + Words.longVolatile(copy, ReceiverLayout.evictedLag(receiver)) + " B";
            default -> "policy " + policy;
        };
    }
}
