package org.processmanager.examples.app.demo;

import java.util.Objects;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.UnackedItem;

/** Takes pieces from the buffer and records their words in the ledger, until it takes the end mark. */
final class Consumer {
    private final SharedBoundedBuffer buffer;
    private final Ledger ledger;
    private final Ledger.Line line;
    private final RateLimiter pace;

    Consumer(SharedBoundedBuffer buffer, Ledger ledger, Ledger.Line line, RateLimiter pace) {
        this.buffer = buffer;
        this.ledger = ledger;
        this.line = line;
        this.pace = pace;
    }

    /** Counts; blocks while the buffer is empty. A piece stays in its cell until it is in the ledger. */
    void consume() throws InterruptedException {
        boolean more = true;
        while (more) {
            try (UnackedItem item = take()) {
                more = enter(item.bytes(), item.redelivered());
                item.ack();
            }
        }
    }

    private boolean enter(byte[] cell, boolean redelivered) throws InterruptedException {
        long word = Cell.wrap(cell).getLong(0);
        if (Cell.isEnd(word)) {
            return false;
        }
        boolean endsItem = Cell.endsItem(word);
        pace.beforePiece(endsItem);
        if (redelivered || Cell.isAgain(word)) {
            ledger.redeliver(Cell.number(word), Cell.countWords(word, cell), endsItem);
        } else {
            ledger.deliver(Cell.number(word), Cell.countWords(word, cell), endsItem);
        }
        line.addPiece(endsItem);
        return true;
    }

    private UnackedItem take() throws InterruptedException {
        UnackedItem item = buffer.pollUnacked();
        if (item == null) {
            long before = System.nanoTime();
            item = Objects.requireNonNull(buffer.takeUnacked()); // an end mark ends this queue
            line.addWaitedNanos(System.nanoTime() - before);
        }
        return item;
    }
}
