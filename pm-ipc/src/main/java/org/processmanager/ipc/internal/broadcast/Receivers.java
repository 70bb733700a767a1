package org.processmanager.ipc.internal.broadcast;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelSnapshot.Peer;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * The slots of the receivers of a channel, as its sender and a new receiver see them.
 *
 * <p><b>Joining.</b> A receiver takes a slot, publishes its policy with a cursor that is not ahead of the tail, executes a full
 * fence, and then moves its cursor to the tail. The sender lets itself write at most a capacity beyond its tail before it looks
 * at the slots again, which it does after a full fence. So either it sees the new slot, or the new receiver sees its tail.
 *
 * <p>Crash points: {@code broadcast.taken} (a slot), {@code broadcast.joining}, {@code broadcast.joined},
 * {@code broadcast.evicted}.
 */
final class Receivers {
    private final BroadcastLane lane;
    private final ByteBuffer memory;
    private final Participants participants;

    Receivers(BroadcastLane lane, Participants participants) {
        this.lane = lane;
        this.memory = lane.memory;
        this.participants = participants;
    }

    // ---- the sender

    /**
     * Returns up to where the receivers let the sender write. Evicts those that would lag too far.
     *
     * @param end where the next record ends
     * @param tail the end of the committed records
     */
    long limit(long end, long tail) {
        VarHandle.fullFence(); // after the tail was stored
        long limit = tail + lane.capacity;
        for (int i = 0; i < lane.receivers; i++) {
            int receiver = receiver(i);
            long word = Words.longVolatile(memory, ReceiverLayout.word(receiver));
            int policy = ReceiverLayout.policy(word);
            if (policy != ReceiverLayout.BLOCK && policy != ReceiverLayout.EVICT) {
                continue;
            }
            long cursor = cursor(receiver, tail);
            if (policy == ReceiverLayout.BLOCK) {
                limit = Math.min(limit, cursor + lane.capacity);
                continue;
            }
            long longest = Math.min(Words.longOpaque(memory, ReceiverLayout.longestLag(receiver)), lane.capacity);
            if (end - cursor <= longest || cursor == tail || !evict(receiver, word, end - cursor)) {
                limit = Math.min(limit, Math.max(cursor + longest, end));
            }
        }
        return limit;
    }

    private boolean evict(int receiver, long word, long lag) {
        Words.putLongOpaque(memory, ReceiverLayout.evictedLag(receiver), lag);
        long evicted = ReceiverLayout.word(ReceiverLayout.owner(word), ReceiverLayout.EVICTED);
        // If it fails, the receiver has left, or its slot has a new owner: the next look is for that one.
        boolean done = Words.casLong(memory, ReceiverLayout.word(receiver), word, evicted);
        CrashPoint.reach("broadcast.evicted");
        return done;
    }

    private long cursor(int receiver, long tail) {
        long cursor = Words.longAcquire(memory, ReceiverLayout.cursor(receiver));
        if (cursor < 0 || cursor > tail || cursor % RecordLayout.ALIGNMENT != 0) {
            throw lane.damaged(tail, "a receiver's cursor is " + cursor);
        }
        return cursor;
    }

    /** Frees the slots of dead receivers that hold the sender up; returns whether there were any. Asks the kernel. */
    boolean freeDead() {
        boolean freed = false;
        for (int i = 0; i < lane.receivers; i++) {
            int word = ReceiverLayout.word(receiver(i));
            long seen = Words.longVolatile(memory, word);
            int policy = ReceiverLayout.policy(seen);
            if ((policy == ReceiverLayout.BLOCK || policy == ReceiverLayout.EVICT) && !isAlive(seen)) {
                freed |= Words.casLong(memory, word, seen, 0);
            }
        }
        return freed;
    }

    // ---- a receiver

    /**
     * Takes a free slot, or one of a dead receiver, for this participant. Its policy is still to be published. Waits for the
     * proof if the process of a receiver has ended.
     *
     * @return the offset of the slot in the memory
     * @throws ChannelBusyException if living receivers have all slots
     */
    int take(Endpoint endpoint) {
        while (true) {
            int taken = take(Deadline.AT_ONCE);
            if (taken == 0) {
                taken = take(Participants.untilRefusal());
            }
            if (taken != 0) {
                return taken;
            }
            int holder = ReceiverLayout.owner(Words.longVolatile(memory, ReceiverLayout.word(receiver(0))));
            if (participants.isSlot(holder)) { // otherwise it has just left
                int slot = Participants.slot(holder);
                throw new ChannelBusyException(
                        "cannot receive from " + endpoint + ": all " + lane.receivers + " receivers are taken, one by "
                                + participants.describe(slot) + "; create the channel with the option receivers="
                                + (lane.receivers + 1) + " or more",
                        participants.pid(slot));
            }
        }
    }

    private int take(Deadline deadline) {
        long joining = ReceiverLayout.word(participants.self(), ReceiverLayout.JOINING);
        for (int i = 0; i < lane.receivers; i++) {
            int receiver = receiver(i);
            int word = ReceiverLayout.word(receiver);
            long seen = Words.longVolatile(memory, word);
            while (!participants.isAlive(ReceiverLayout.owner(seen), deadline)) {
                if (Words.casLong(memory, word, seen, joining)) {
                    CrashPoint.reach("broadcast.taken");
                    return receiver;
                }
                seen = Words.longVolatile(memory, word);
            }
        }
        return 0;
    }

    /**
     * Publishes the policy of the receiver in a slot, at the end of the committed records.
     *
     * @return the position from which it receives
     */
    long join(int receiver, int policy, long longestLag) {
        int self = participants.self();
        while (true) {
            Words.putLongOpaque(memory, ReceiverLayout.longestLag(receiver), longestLag);
            Words.putLongOpaque(memory, ReceiverLayout.evictedLag(receiver), 0);
            Words.putLongOpaque(memory, ReceiverLayout.received(receiver), 0);
            Words.putLongOpaque(memory, ReceiverLayout.missed(receiver), 0);
            Words.putLongRelease(memory, ReceiverLayout.cursor(receiver), lane.tailAcquire());
            CrashPoint.reach("broadcast.joining");
            Words.putLongVolatile(memory, ReceiverLayout.word(receiver), ReceiverLayout.word(self, policy));
            VarHandle.fullFence();
            long position = lane.tailAcquire();
            Words.putLongRelease(memory, ReceiverLayout.cursor(receiver), position);
            CrashPoint.reach("broadcast.joined");
            if (policyOf(receiver) != ReceiverLayout.EVICTED) {
                return position;
            }
            // The thread was suspended between the two cursors: again.
            Words.putLongVolatile(
                    memory, ReceiverLayout.word(receiver), ReceiverLayout.word(self, ReceiverLayout.JOINING));
        }
    }

    int policyOf(int receiver) {
        return ReceiverLayout.policy(Words.longVolatile(memory, ReceiverLayout.word(receiver)));
    }

    /** Frees the slot of this participant. */
    void leave(int receiver) {
        int word = ReceiverLayout.word(receiver);
        long seen;
        do {
            seen = Words.longVolatile(memory, word);
        } while (ReceiverLayout.owner(seen) == participants.self() && !Words.casLong(memory, word, seen, 0));
    }

    // ---- inspection

    /** Adds the receivers that have joined, dead ones too; returns whether one of them is alive. */
    boolean addPeers(List<Peer> peers, long tail) {
        boolean any = false;
        for (int i = 0; i < lane.receivers; i++) {
            int receiver = receiver(i);
            long word = Words.longVolatile(memory, ReceiverLayout.word(receiver));
            int owner = ReceiverLayout.owner(word);
            if (!participants.isSlot(owner) || ReceiverLayout.policy(word) == ReceiverLayout.JOINING) {
                continue;
            }
            boolean alive = isAlive(word);
            any |= alive;
            int slot = Participants.slot(owner);
            peers.add(new Peer(
                    Role.RECEIVER,
                    participants.pid(slot),
                    participants.name(slot),
                    alive,
                    lag(receiver, tail),
                    Words.longOpaque(memory, ReceiverLayout.missed(receiver))));
        }
        return any;
    }

    /** Returns how many bytes the receiver in a slot has yet to receive; of an evicted one, how many it had. */
    long lag(int receiver, long tail) {
        return policyOf(receiver) == ReceiverLayout.EVICTED
                ? Words.longOpaque(memory, ReceiverLayout.evictedLag(receiver))
                : Math.max(0, tail - Words.longOpaque(memory, ReceiverLayout.cursor(receiver)));
    }

    private int receiver(int index) {
        return BroadcastLayout.receiver(lane.channel, index);
    }

    private boolean isAlive(long word) {
        return participants.isAlive(ReceiverLayout.owner(word));
    }
}
