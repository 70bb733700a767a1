package org.processmanager.sync.internal;

/** An item that stays in its cell until it is done with; of one thread at a time. */
public final class TakenCell {
    private final CellBuffer buffer;
    private final int cell;
    private final long word;
    private final boolean redelivered;

    /** A cell, and the word with which it was taken. */
    TakenCell(CellBuffer buffer, int cell, long word, boolean redelivered) {
        this.buffer = buffer;
        this.cell = cell;
        this.word = word;
        this.redelivered = redelivered;
    }

    /** Whether a consumer had it before and died. */
    public boolean redelivered() {
        return redelivered;
    }

    /** A copy of the item. */
    public byte[] copy() {
        return buffer.copy(cell);
    }

    /** Says that the item is done with: its cell is free. */
    public void done() {
        buffer.free(cell, word);
    }
}
