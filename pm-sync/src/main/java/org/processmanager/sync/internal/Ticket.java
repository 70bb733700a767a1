package org.processmanager.sync.internal;

/** What a hold or lease keeps until it is closed: when nobody reaches it any more, nobody can close the hold either. */
public final class Ticket {
    /** For {@link TicketBox} alone. */
    Ticket() {}
}
