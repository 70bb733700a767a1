package org.processmanager.sync.internal;

import org.processmanager.sync.internal.buffer.UnclosedItems;

/** What a hold or lease keeps until it is closed: when nobody reaches it any more, nobody can close the hold either. */
public class Ticket {
    /** For {@link TicketBox} and {@link UnclosedItems} alone. */
    public Ticket() {}
}
