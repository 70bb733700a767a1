package org.processmanager.ipc.internal.broadcast;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.ChannelInspection.End;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.ChannelFile;
import org.processmanager.ipc.internal.channel.ClaimWord;
import org.processmanager.sync.RegionSnapshot.Participant;

/** Reads a broadcast channel from its file. It takes no slot and writes nothing. */
final class BroadcastInspector {
    private final ChannelFile file;
    private final int capacity;
    private final int receivers;

    BroadcastInspector(ChannelFile file) {
        this.file = file;
        capacity = file.object().dimension(0);
        receivers = file.object().dimension(1);
        if (capacity < BroadcastLayout.MIN_CAPACITY
                || Integer.bitCount(capacity) != 1
                || receivers < 1
                || receivers > BroadcastLayout.MAX_RECEIVERS
                || file.object().bytes() != BroadcastLayout.bytes(capacity, receivers)) {
            throw file.inconsistent();
        }
    }

    ChannelInspection inspection() {
        List<End> ends = new ArrayList<>();
        boolean senderWaits = WaitWord.isWaiting(file.intAt(BroadcastLayout.senderWait(0)));
        long tail = file.longAt(BroadcastLayout.tail(0));
        file.addEnd(
                ends,
                Role.SENDER,
                file.intAt(BroadcastLayout.senderOwner(0)),
                senderWaits,
                0,
                0,
                "",
                ClaimWord.claim(file.longAt(BroadcastLayout.claim(0)), tail));
        for (int i = 0; i < receivers; i++) {
            int receiver = BroadcastLayout.receiver(0, i);
            long word = file.longAt(ReceiverLayout.word(receiver));
            long lag = Math.max(0, tail - file.longAt(ReceiverLayout.cursor(receiver)));
            file.addEnd(ends, Role.RECEIVER, ReceiverLayout.owner(word), false, -1, lag, note(receiver, word));
        }
        long damage = BroadcastLayout.damagePosition(file.bytes().read(0, BroadcastLayout.mark(0, 0)), 0);
        return new ChannelInspection(
                file.endpoint(),
                file.path(),
                ends,
                List.of(new Lane(
                        0, capacity, tail, taken(tail), oldest(), file.longAt(BroadcastLayout.sendersSoFar(0)))),
                0,
                damage < 0 ? OptionalLong.empty() : OptionalLong.of(damage));
    }

    private String note(int receiver, long word) {
        return switch (ReceiverLayout.policy(word)) {
            case ReceiverLayout.JOINING -> "joining";
            case ReceiverLayout.BLOCK -> "block";
            case ReceiverLayout.DROP_OLDEST -> "dropOldest, missed " + file.longAt(ReceiverLayout.missed(receiver));
            case ReceiverLayout.EVICT -> "evict";
            default -> "evicted at a lag of " + file.longAt(ReceiverLayout.evictedLag(receiver)) + " bytes";
        };
    }

    /** Returns what all living receivers have received. */
    private long taken(long tail) {
        long taken = tail;
        for (int i = 0; i < receivers; i++) {
            int receiver = BroadcastLayout.receiver(0, i);
            long word = file.longAt(ReceiverLayout.word(receiver));
            int policy = ReceiverLayout.policy(word);
            Participant owner = file.region().participant(ReceiverLayout.owner(word));
            if (owner != null
                    && owner.alive()
                    && policy != ReceiverLayout.JOINING
                    && policy != ReceiverLayout.EVICTED) {
                taken = Math.min(taken, file.longAt(ReceiverLayout.cursor(receiver)));
            }
        }
        return taken;
    }

    /** Returns the first position that is certainly not overwritten. */
    private long oldest() {
        return Math.max(0, file.longAt(BroadcastLayout.intent(0)) - capacity);
    }

    List<KeptMessage> lastMessages(int limit) {
        long tail = file.longAt(BroadcastLayout.tail(0));
        long taken = taken(tail);
        ArrayDeque<Long> records = new ArrayDeque<>();
        int record;
        for (long at = firstRecord(tail); at < tail && (record = recordBytes(at)) != 0; at += record) {
            if (RecordLayout.type(header(at)) == RecordLayout.MESSAGE) {
                records.add(at);
                if (records.size() > limit) {
                    records.remove();
                }
            }
        }
        List<KeptMessage> kept = new ArrayList<>();
        for (long at : records) {
            int length = Math.min(Math.max(0, RecordLayout.length(header(at))), RecordLayout.maxMessageBytes(capacity));
            byte[] content = new byte[length];
            file.bytes().read(offset(at) + RecordLayout.HEADER_BYTES, length).get(0, content);
            kept.add(new KeptMessage(0, at, at < taken, content));
        }
        return kept;
    }

    /** Returns the first message that is marked and not overwritten; the tail if there is none. */
    private long firstRecord(long tail) {
        long markedBytes = capacity / BroadcastLayout.MARKS;
        long oldest = oldest();
        long last = tail / markedBytes;
        for (long part = Math.max(oldest / markedBytes, last - BroadcastLayout.MARKS + 1); part <= last; part++) {
            long mark = file.longAt(BroadcastLayout.mark(0, part));
            if (mark >= oldest && mark < tail && mark / markedBytes == part && mark % RecordLayout.ALIGNMENT == 0) {
                return mark;
            }
        }
        return tail;
    }

    private int recordBytes(long at) {
        return RecordLayout.checkedRecordBytes(header(at), (int) at & capacity - 1, capacity);
    }

    private long header(long at) {
        return file.longAt(offset(at));
    }

    private int offset(long at) {
        return BroadcastLayout.lane(0, receivers) + ((int) at & capacity - 1);
    }
}
