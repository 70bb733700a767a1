package org.processmanager.sync.internal.buffer;

import java.nio.ByteBuffer;

/** An item that stays in its cell until it is acknowledged or given back. Not thread-safe. */
public final class TakenCell {
    private final CellBuffer buffer;
    private final int cell;
    private final boolean redelivered;

    TakenCell(CellBuffer buffer, int cell, boolean redelivered) {
        this.buffer = buffer;
        this.cell = cell;
        this.redelivered = redelivered;
    }

    /** Returns whether another consumer took it before. */
    public boolean redelivered() {
        return redelivered;
    }

    /** Returns a copy of the item. */
    public byte[] copy() {
        return buffer.copy(cell);
    }

    /** Copies the item to the beginning of a buffer; returns its length. */
    public int copyTo(ByteBuffer target) {
        return buffer.copyTo(cell, target);
    }

    /** Frees the cell. */
    public void ack() {
        buffer.free(cell);
    }

    /** Lets the item be redelivered or dropped, as after the death of its consumer. */
    public void giveBack() {
        buffer.giveBack(cell);
    }
}
