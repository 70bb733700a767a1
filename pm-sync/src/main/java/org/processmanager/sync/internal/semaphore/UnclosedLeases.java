package org.processmanager.sync.internal.semaphore;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.processmanager.sync.internal.CollectionWatch;
import org.processmanager.sync.internal.Ticket;
import org.processmanager.sync.internal.TicketBox;
import org.processmanager.sync.internal.region.ObjectHandle;
import org.processmanager.sync.internal.region.Region;

/** Gives permits back whose leases were left unclosed. */
final class UnclosedLeases implements CollectionWatch.Claims {
    private final PermitCells cells;
    private final Region region;
    private final ObjectHandle use;
    /** Of cells that were taken through this handle once. */
    private final AtomicReferenceArray<TicketBox> boxes;

    UnclosedLeases(PermitCells cells, Region region, ObjectHandle use) {
        this.cells = cells;
        this.region = region;
        this.use = use;
        boxes = new AtomicReferenceArray<>(cells.permits());
        CollectionWatch.add(this);
    }

    /** For the lease of a cell that was just taken with that word. */
    Ticket ticket(int cell, long word) {
        TicketBox box = boxes.get(cell);
        if (box == null) {
            box = new TicketBox(this, cell);
            if (!boxes.compareAndSet(cell, null, box)) {
                box = boxes.get(cell);
            }
        }
        return box.take(word);
    }

    @Override
    public boolean isOver() {
        return region.isClosed() || use.isRemoved();
    }

    @Override
    public void afterCollection() {
        for (int cell = 0; cell < boxes.length(); cell++) {
            TicketBox box = boxes.get(cell);
            if (box != null) {
                box.afterCollection();
            }
        }
    }

    @Override
    public void abandon(int index, long ownership) {
        cells.free(index, ownership);
    }
}
