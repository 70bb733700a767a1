package org.processmanager.sync.internal.mutex;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.CollectionWatch;
import org.processmanager.sync.internal.Ticket;
import org.processmanager.sync.internal.TicketBox;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;

/** Finds after garbage collections that nobody can release a mutex: its holds are gone unclosed, or its thread has ended. */
final class UnclosedHolds implements CollectionWatch.Claims {
    private final RobustMutex mutex;
    private final Region region;
    private final ObjectHandle use;
    private final ByteBuffer memory;
    private final int at;
    private final TicketBox tickets = new TicketBox(this, 0);

    UnclosedHolds(RobustMutex mutex, Region region, ObjectHandle use, int offset) {
        this.mutex = mutex;
        this.region = region;
        this.use = use;
        memory = region.memory();
        at = offset;
        CollectionWatch.add(this);
    }

    /** For the first hold of an ownership. */
    Ticket ticket(long ownership) {
        return tickets.take(ownership);
    }

    /** For another one; null if the ownership was lost because the earlier ones were unreachable. */
    @Nullable
    Ticket ticketAgain(long ownership) {
        Ticket ticket = tickets.takeAgain();
        return mutex.isStill(ownership) ? ticket : null;
    }

    /** Another one without a ticket; false if the ownership was lost as in {@link #ticketAgain}. */
    boolean goWithoutTicket(long ownership) {
        if (!tickets.isFor(ownership)) {
            return true;
        }
        tickets.forget();
        return mutex.isStill(ownership);
    }

    @Override
    public boolean isOver() {
        return region.isClosed() || use.isRemoved();
    }

    @Override
    public void afterCollection() {
        tickets.afterCollection();
        long word = MutexLayout.wordVolatile(memory, at);
        if (mutex.isOwnerEnded(word)) {
            mutex.abandon(word);
        }
    }

    @Override
    public void abandon(int index, long ownership) {
        mutex.abandon(ownership);
    }
}
