package org.processmanager.sync.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.CollectionWatch.Claims;
import org.processmanager.sync.internal.wait.VarHandles;

/**
 * Finds out that what somebody of this JVM owns cannot be given back any more, because its hold or lease was left unclosed
 * to the garbage collector.
 *
 * <p>How it works. Registering each hold with the collector would cost more than an uncontended mutex, so holds share a
 * ticket: this box has it, each new owner takes a reference to it, and nothing is counted. After each collection the box
 * lets go of the ticket and remembers it weakly; the next owner makes a new one. If the weak reference is cleared while the
 * ownership is still the one for which that ticket was taken last, no hold of it is left. So it takes two collections, and
 * costs an owner two reads and a write.
 *
 * <p>The ticket is taken before the ownership is noted here: of an owner that was stopped between the two nothing is
 * believed.
 */
public final class TicketBox {
    private static final VarHandle HELD = VarHandles.ofField(MethodHandles.lookup(), "held", long.class);

    private final Claims claims;
    private final int index;
    /** Null after a collection, until somebody wants it again. */
    private volatile @Nullable Ticket ticket;

    private @Nullable Suspect suspect; // guarded by this, as are all changes of the ticket
    /** The ownership for which the ticket was taken last; 0 for none. */
    private long held;

    /** The box of one thing that can be owned, by which number its claims know it. */
    public TicketBox(Claims claims, int index) {
        this.claims = claims;
        this.index = index;
    }

    /** The ticket of a new ownership, which is not 0; for the owner alone. */
    public Ticket take(long ownership) {
        Ticket present = ticket;
        if (present == null) {
            present = renew();
        }
        HELD.setRelease(this, ownership);
        return present;
    }

    private synchronized Ticket renew() {
        Ticket present = new Ticket();
        suspect = null;
        ticket = present;
        return present;
    }

    /**
     * The ticket of the present ownership for one more hold of it, whose owner is to make sure afterwards that it is an owner
     * still.
     */
    public Ticket takeAgain() {
        Ticket present = ticket;
        return present != null ? present : restore();
    }

    private synchronized Ticket restore() {
        Suspect doubted = suspect;
        Ticket present = doubted == null ? null : (Ticket) doubted.get();
        if (present == null) {
            present = new Ticket();
        }
        suspect = null;
        ticket = present;
        return present;
    }

    /** Whether a ticket was taken for that ownership. */
    public boolean isFor(long ownership) {
        return (long) HELD.getAcquire(this) == ownership;
    }

    /** Says that the ownership has a holder without a ticket, who is to make sure afterwards that it is an owner still. */
    public synchronized void forget() {
        HELD.setRelease(this, 0L);
    }

    /** After a collection: from the next one on it will be known whether anybody has the ticket. */
    public void afterCollection() {
        if (ticket != null) {
            doubt();
        }
    }

    private synchronized void doubt() {
        Ticket present = ticket;
        if (present != null) {
            suspect = new Suspect(this, present);
            ticket = null;
        }
    }

    private synchronized void unreachable(Suspect found) {
        if (suspect == found) {
            suspect = null;
            long ownership = (long) HELD.getAcquire(this);
            if (ownership != 0) {
                claims.abandon(index, ownership);
            }
        }
    }

    /** A ticket that nobody may have. */
    static final class Suspect extends CollectionWatch.Found {
        private final TicketBox box;

        private Suspect(TicketBox box, Ticket ticket) {
            super(ticket);
            this.box = box;
        }

        @Override
        public void unreachable() {
            box.unreachable(this);
        }
    }
}
