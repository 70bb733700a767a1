package org.processmanager.sync.internal.buffer;

/** An item that stays in its cell until it is done with; of one thread at a time. */
public final class TakenCell {
    private final CellBuffer buffer;
    private final long position;
    private final boolean redelivered;

    TakenCell(CellBuffer buffer, long position, boolean redelivered) {
        this.buffer = buffer;
        this.position = position;
        this.redelivered = redelivered;
    }

    /** Whether a consumer had it before and died. */
    public boolean redelivered() {
        return redelivered;
    }

    /** A copy of the item. */
    public byte[] copy() {
        return buffer.copy(position);
    }

    /** Says that the item is done with: its cell is free. */
    public void done() {
        buffer.free(position);
    }
}
