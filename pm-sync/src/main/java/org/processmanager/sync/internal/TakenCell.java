package org.processmanager.sync.internal;

import org.jspecify.annotations.Nullable;

/** An item that stays in its cell until it is done with; of one thread at a time. */
public final class TakenCell {
    private final CellBuffer buffer;
    private final int index;
    private final long word;
    private final boolean redelivered;

    /** The number of a cell, and the word with which it was taken. */
    TakenCell(CellBuffer buffer, int index, long word, boolean redelivered) {
        this.buffer = buffer;
        this.index = index;
        this.word = word;
        this.redelivered = redelivered;
    }

    /** Whether a consumer had it before and died. */
    public boolean redelivered() {
        return redelivered;
    }

    /** A copy of the item. */
    public byte[] copy() {
        return buffer.copy(index);
    }

    /** What its item keeps until it is closed, so that it is known whether it was left unclosed; null if nobody looks. */
    public @Nullable Ticket ticket() {
        return buffer.unclosed.ticket(index, word);
    }

    /** Says that the item is done with: its cell is free. */
    public void done() {
        buffer.free(index, word);
    }
}
