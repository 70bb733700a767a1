package org.processmanager.sync.internal.buffer;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.CollectionWatch;
import org.processmanager.sync.internal.Ticket;
import org.processmanager.sync.internal.TicketBox;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * Gives cells up whose items were left unclosed to the garbage collector.
 *
 * <p>How it works. A buffer may have a million cells, so these have no {@link TicketBox} each: the items of one of a few
 * groups of cells share a ticket with a number, and beside each cell stands which lap was taken with which ticket. After a
 * collection a group lets go of its ticket and remembers it weakly. When nobody has that any more, its items are closed or
 * lost, and lost are those whose cells say that they are still had in that lap. An item that is kept for long keeps lost
 * ones of its group and of the same time between two collections from being found until it is closed; where there are no
 * more cells than groups there are no such.
 *
 * <p>The ticket is taken before it is noted, and the note names the lap: of a thread that was stopped between the two, and
 * has the cell in a new lap, an old note says nothing.
 */
public final class UnclosedItems implements CollectionWatch.Claims {
    /** With more cells than that nothing is noted, since the notes could fill a small heap. */
    static final int MOST_CELLS = 1 << 20;

    private static final int MOST_GROUPS = 64;
    private static final long NOTHING = 0;

    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final int at;
    private final int cells;
    private final int cellBytes;
    private final boolean drops;
    private final int self;
    private final int groupMask;
    /** Null after a collection, until somebody wants it again. */
    private final AtomicReferenceArray<@Nullable Numbered> tickets;
    /**
     * For each cell the lap, and in the low half the number of the ticket, with which it was taken last; null until an item is
     * to be held.
     */
    private volatile @Nullable AtomicLongArray notes;

    private final AtomicInteger numbers = new AtomicInteger();
    /** Reachable until they are told of. */
    private final Set<Suspect> suspects = ConcurrentHashMap.newKeySet();

    UnclosedItems(Region region, ObjectHandle use, RegionObject object) {
        this.region = region;
        this.use = use;
        memory = region.memory();
        at = object.offset();
        cells = object.dimension(0);
        cellBytes = object.dimension(1);
        drops = object.dimension(2) != 0;
        self = region.participants().self();
        int groups = cells >= MOST_GROUPS ? MOST_GROUPS : Integer.highestOneBit(2 * cells - 1);
        groupMask = groups - 1;
        tickets = new AtomicReferenceArray<>(groups);
    }

    /** Before the first item is held, since the notes may find no memory. */
    void prepare() {
        if (notes == null && cells <= MOST_CELLS) {
            begin();
        }
    }

    private synchronized void begin() {
        if (notes == null) {
            notes = new AtomicLongArray(cells);
            CollectionWatch.add(this);
        }
    }

    /** For the item in a cell that was just taken in that lap; null if nobody looks. */
    @Nullable
    Ticket ticket(int index, int lap) {
        AtomicLongArray all = notes;
        if (all == null) {
            return null;
        }
        int group = index & groupMask;
        Numbered ticket = tickets.get(group);
        if (ticket == null) {
            ticket = renew(group);
        }
        all.setRelease(index, note(lap, ticket.number));
        return ticket;
    }

    private Numbered renew(int group) {
        Numbered mine = new Numbered(nextNumber());
        Numbered other = tickets.compareAndExchange(group, null, mine);
        return other == null ? mine : other;
    }

    /** Never 0, so that no note is nothing. It comes round after more collections than a process lives to see. */
    private int nextNumber() {
        int number = numbers.incrementAndGet();
        return number == 0 ? numbers.incrementAndGet() : number;
    }

    private static long note(int lap, int number) {
        return (long) lap << Integer.SIZE | Integer.toUnsignedLong(number);
    }

    @Override
    public boolean isOver() {
        return region.isClosed() || use.isRemoved();
    }

    @Override
    public void afterCollection() {
        for (int group = 0; group < tickets.length(); group++) {
            Numbered ticket = tickets.get(group);
            if (ticket != null) {
                suspects.add(new Suspect(this, group, ticket));
                tickets.set(group, null);
            }
        }
    }

    /** If the cell is had still as it was noted, it is made good for as after a death. */
    @Override
    public void abandon(int index, long note) {
        int cell = BufferLayout.cell(at, index, cellBytes);
        long taken = BufferLayout.word((int) (note >>> Integer.SIZE), BufferLayout.TAKEN, self);
        if (BufferLayout.casWordOfDead(memory, at, cell, taken, BufferHandler.repaired(taken, drops))) {
            BufferHandler.wakeAll(memory, region.parking(), at);
        }
    }

    private void unreachable(Suspect found) {
        suspects.remove(found);
        AtomicLongArray all = Objects.requireNonNull(notes);
        for (int index = found.group; index < cells; index += groupMask + 1) {
            long note = all.getAcquire(index);
            // Not twice: the cell may have been taken again in its lap, by who has not noted it yet.
            if ((int) note == found.number && all.compareAndSet(index, note, NOTHING)) {
                abandon(index, note);
            }
        }
    }

    /** The ticket of the items of one group between two collections. */
    private static final class Numbered extends Ticket {
        final int number;

        Numbered(int number) {
            this.number = number;
        }
    }

    /** A ticket that nobody may have. */
    private static final class Suspect extends CollectionWatch.Found {
        final int number;
        final int group;
        private final UnclosedItems items;

        Suspect(UnclosedItems items, int group, Numbered ticket) {
            super(ticket);
            this.items = items;
            this.group = group;
            number = ticket.number;
        }

        @Override
        public void unreachable() {
            items.unreachable(this);
        }
    }
}
