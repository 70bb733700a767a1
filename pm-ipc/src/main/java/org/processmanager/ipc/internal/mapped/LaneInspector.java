package org.processmanager.ipc.internal.mapped;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.ObjectHandler;

/** Reads a lane of a channel from its file. It writes nothing. */
final class LaneInspector {
    private static final int PREFIX_BYTES = LaneLayout.FRAGMENT_HEADER_BYTES - LaneLayout.HEADER_BYTES;
    private static final int PART_BYTES = 64 << 10;

    final int block;

    private final ObjectHandler.Bytes bytes;
    private final int number;
    private final int capacity;

    private final ByteBuffer part = ByteBuffer.allocate(PART_BYTES).order(ByteOrder.nativeOrder());
    private int partAt = -1;

    LaneInspector(ObjectHandler.Bytes bytes, int number, int block, int capacity) {
        this.bytes = bytes;
        this.number = number;
        this.block = block;
        this.capacity = capacity;
    }

    /** Returns the position of damage that an end has found, or that is seen now. */
    OptionalLong damage() {
        long found = ChannelLayout.damagePosition(bytes.read(block, ChannelLayout.lane(0)), 0);
        if (found >= 0) {
            return OptionalLong.of(found);
        }
        partAt = -1; // what was read before may have been overwritten
        long released = released();
        long end = written(released);
        boolean impossible = end - released < capacity && header(end) != 0;
        // As long as nothing more is released, the sender does not overwrite what was read.
        return impossible && released == released() ? OptionalLong.of(end) : OptionalLong.empty();
    }

    Lane state() {
        long released = released();
        long taken = position(ChannelLayout.taken(block));
        return new Lane(
                number,
                capacity,
                Math.max(taken, written(released)),
                taken,
                released,
                longAt(ChannelLayout.slotOwnersSoFar(ChannelLayout.senderSlot(block))));
    }

    /** Returns the end of the committed records: behind the published tail are few. */
    private long written(long released) {
        long ahead = position(ChannelLayout.tail(block)) - released;
        long at = ahead >= 0 && ahead <= capacity ? released + ahead : released;
        while (at - released < capacity) {
            int record = recordBytes(at);
            if (record == 0) {
                break;
            }
            at += record;
            if (index(at) == 0) {
                partAt = -1; // each header must be read after the one before it, which may be newer than this copy
            }
        }
        return at;
    }

    /** Returns the bytes of the record at a position; 0 if there is none, or an impossible one. */
    private int recordBytes(long at) {
        long header = header(at);
        return header == 0 ? 0 : LaneLayout.checkedRecordBytes(header, index(at), capacity);
    }

    /** Returns the last messages that are still in the lane. */
    List<KeptMessage> lastMessages(int limit) {
        Lane lane = state();
        long lap = lane.written() - index(lane.written());
        long known = Math.min(lap, lane.released());
        List<Long> records = messages(known, lane.written());
        if (records.size() <= limit) { // the first one may be the end of a message that began before
            records = messages(oldestRecord(lane, known), lane.written());
        }
        List<KeptMessage> kept = new ArrayList<>();
        for (long at : records.subList(Math.max(0, records.size() - limit), records.size())) {
            boolean received = at < lane.taken();
            if (LaneLayout.type(header(at)) == LaneLayout.FRAGMENT) {
                kept.add(fragments(at, lane.written(), received));
            } else {
                kept.add(new KeptMessage(number, at, received, payload(at)));
            }
        }
        return kept;
    }

    private byte[] payload(long at) {
        int start = ChannelLayout.lane(block) + index(at);
        int room = capacity - index(at) - LaneLayout.HEADER_BYTES;
        byte[] content = new byte[Math.min(Math.max(0, LaneLayout.length(header(at))), room)];
        bytes.read(start + LaneLayout.HEADER_BYTES, content.length).get(0, content);
        return content;
    }

    /** Returns the message, or the part of it, that starts with the fragment at a position. */
    private KeptMessage fragments(long at, long to, boolean received) {
        Fragment first = fragment(at);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int next = first.offset;
        int record;
        for (long each = at; each < to && (record = recordBytes(each)) != 0; each += record) {
            if (LaneLayout.type(header(each)) != LaneLayout.PADDING) {
                Fragment fragment = fragment(each);
                if (!fragment.continues(first.messageBytes, next)) {
                    break;
                }
                content.write(fragment.bytes, PREFIX_BYTES, fragment.bytes.length - PREFIX_BYTES);
                next += fragment.bytes.length - PREFIX_BYTES;
            }
        }
        return new KeptMessage(number, at, received, content.toByteArray(), first.offset, first.messageBytes);
    }

    /** The fragment at a position, or one that continues nothing if there is a message. */
    private Fragment fragment(long at) {
        byte[] payload = payload(at);
        boolean isFragment = LaneLayout.type(header(at)) == LaneLayout.FRAGMENT && payload.length >= PREFIX_BYTES;
        ByteBuffer prefix =
                ByteBuffer.wrap(isFragment ? payload : new byte[PREFIX_BYTES]).order(ByteOrder.nativeOrder());
        return new Fragment(prefix.getInt(0), prefix.getInt(4), prefix.array());
    }

    private record Fragment(int messageBytes, int offset, byte[] bytes) {
        boolean continues(int ofMessageBytes, int from) {
            return bytes.length > PREFIX_BYTES && messageBytes == ofMessageBytes && offset == from;
        }
    }

    /** Returns the positions of the messages, or what is left of them, between two positions, up to the first damage. */
    private List<Long> messages(long from, long to) {
        List<Long> messages = new ArrayList<>();
        int messageBytes = 0;
        int next = 0;
        long length = Math.min(to - from, capacity);
        int record;
        for (long at = from; at - from < length && (record = recordBytes(at)) != 0; at += record) {
            if (LaneLayout.type(header(at)) == LaneLayout.PADDING) {
                continue;
            }
            Fragment fragment = fragment(at);
            if (!fragment.continues(messageBytes, next)) {
                messages.add(at);
            }
            messageBytes = fragment.messageBytes;
            next = fragment.offset + fragment.bytes.length - PREFIX_BYTES;
        }
        return messages;
    }

    /**
     * Returns the position of the oldest record that is not overwritten. The lap before the present one has no index: the
     * first position from which records lead exactly to a known one is taken for a record. If padding was overwritten in part,
     * that may be one of an earlier lap.
     */
    private long oldestRecord(Lane lane, long known) {
        long oldest = Math.max(0, lane.written() + LaneLayout.HEADER_BYTES - capacity);
        BitSet tried = new BitSet();
        for (long start = oldest; start < known; start += LaneLayout.ALIGNMENT) {
            long at = start;
            int record;
            while (at < known && !tried.get(words(at - oldest)) && (record = recordBytes(at)) != 0) {
                tried.set(words(at - oldest));
                at += record;
            }
            if (at == known) {
                return start;
            }
        }
        return known;
    }

    private static int words(long bytes) {
        return (int) (bytes / LaneLayout.ALIGNMENT);
    }

    /** Returns the header at a position, from a copy of a part of the lane that is kept for the next ones. */
    private long header(long at) {
        int index = index(at);
        int first = index & -PART_BYTES;
        if (first != partAt) {
            int length = Math.min(PART_BYTES, capacity);
            part.clear().put(0, bytes.read(ChannelLayout.lane(block) + first, length), 0, length);
            partAt = first;
        }
        return part.getLong(index - first);
    }

    private long released() {
        return position(ChannelLayout.released(block));
    }

    /** Returns a position, which is where a record can be whatever the word is. */
    private long position(int offset) {
        return longAt(offset) & -LaneLayout.ALIGNMENT;
    }

    private int index(long position) {
        return (int) position & capacity - 1;
    }

    private long longAt(int offset) {
        return Words.longVolatile(bytes.read(offset, Long.BYTES), 0);
    }
}
