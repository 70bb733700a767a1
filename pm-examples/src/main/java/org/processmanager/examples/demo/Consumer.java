package org.processmanager.examples.demo;

import org.processmanager.sync.SharedBoundedBuffer;

/** Takes pieces from the buffer and enters their words into the ledger, until it takes the end. */
final class Consumer {
    private final SharedBoundedBuffer buffer;
    private final Ledger ledger;
    private final Ledger.Line line;

    Consumer(SharedBoundedBuffer buffer, Ledger ledger, Ledger.Line line) {
        this.buffer = buffer;
        this.ledger = ledger;
        this.line = line;
    }

    /** Counts, waiting while the buffer is empty. */
    void consume() throws InterruptedException {
        while (true) {
            byte[] cell = take();
            long word = Cell.wrap(cell).getLong(0);
            if (Cell.isEnd(word)) {
                return;
            }
            ledger.deliver(Cell.number(word), Cell.countWords(word, cell), Cell.endsItem(word));
            line.addPiece(Cell.endsItem(word));
        }
    }

    private byte[] take() throws InterruptedException {
        byte[] cell = buffer.poll();
        if (cell == null) {
            long before = System.nanoTime();
            cell = buffer.take();
            line.addWaitedNanos(System.nanoTime() - before);
        }
        return cell;
    }
}
