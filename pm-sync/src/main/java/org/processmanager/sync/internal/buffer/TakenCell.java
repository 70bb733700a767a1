package org.processmanager.sync.internal.buffer;

/** An item that stays in its cell until it is acknowledged or given back. Not thread-safe. */
public final class TakenCell {
    private final CellBuffer buffer;
    private final long position;
    private final boolean redelivered;

    TakenCell(CellBuffer buffer, long position, boolean redelivered) {
        this.buffer = buffer;
        this.position = position;
        this.redelivered = redelivered;
    }

    /** Returns whether another consumer took it before. */
    public boolean redelivered() {
        return redelivered;
    }

    /** Returns a copy of the item. */
    public byte[] copy() {
        return buffer.copy(position);
    }

    /** Frees the cell. */
    public void ack() {
        buffer.free(position);
    }

    /** Lets the item be redelivered or dropped, as after the death of its consumer. */
    public void giveBack() {
        buffer.giveBack(position);
    }
}
