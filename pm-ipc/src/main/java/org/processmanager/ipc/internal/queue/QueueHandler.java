package org.processmanager.ipc.internal.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;
import org.processmanager.sync.internal.region.park.Parking;

/** Removes dead ends of a queue. What they had of its messages is repaired in its buffer, whose waiters notice both. */
final class QueueHandler implements ObjectHandler {
    @Override
    public void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead) {
        for (int slot = 0; slot < slots(object); slot++) {
            int end = QueueLayout.end(object.offset(), slot);
            long word = Words.longVolatile(memory, end);
            if (QueueLayout.owner(word) == dead) {
                Words.casLong(memory, end, word, 0);
            }
        }
    }

    @Override
    public int stateBytes(RegionObject object) {
        return object.bytes();
    }

    @Override
    public State state(ByteBuffer copy, RegionObject object, IntPredicate isDead) {
        List<OwnerWord> owners = new ArrayList<>();
        int[] alive = new int[QueueLayout.RECEIVER + 1];
        int dead = 0;
        for (int slot = 0; slot < slots(object); slot++) {
            long word = Words.longVolatile(copy, QueueLayout.end(0, slot));
            int owner = QueueLayout.owner(word);
            int role = QueueLayout.role(word);
            if (owner == 0 || role < QueueLayout.SENDER || role > QueueLayout.RECEIVER) {
                continue;
            }
            owners.add(new OwnerWord(owner, 0, 0));
            if (isDead.test(owner)) {
                dead++;
            } else {
                alive[role]++;
            }
        }
        return new State(
                count(alive[QueueLayout.SENDER], "sender") + ", " + count(alive[QueueLayout.RECEIVER], "receiver")
                        + (dead == 0 ? "" : ", " + dead + " dead"),
                owners,
                0);
    }

    private static String count(int number, String what) {
        return (number == 0 ? "no " : number + " ") + what + (number > 1 ? "s" : "");
    }

    private static int slots(RegionObject object) {
        return (object.bytes() - QueueLayout.end(0, 0)) / Long.BYTES;
    }
}
