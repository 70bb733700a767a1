package org.processmanager.examples.app.demo;

import java.util.Objects;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.UnackedItem;

/** Takes pieces and records their words in the ledger: from the buffer until the end mark, from a channel until it ends. */
final class Consumer {
    /** Less between two pieces is not waiting. */
    private static final long LEAST_WAIT_NANOS = 50_000;

    private final Ledger ledger;
    private final Ledger.Line line;
    private final RateLimiter pace;

    Consumer(Ledger ledger, Ledger.Line line, RateLimiter pace) {
        this.ledger = ledger;
        this.line = line;
        this.pace = pace;
    }

    /** Counts; blocks while the buffer is empty. A piece stays in its cell until it is in the ledger. */
    void consume(SharedBoundedBuffer buffer) throws InterruptedException {
        boolean more = true;
        while (more) {
            try (UnackedItem item = take(buffer)) {
                more = enter(item.bytes(), item.redelivered());
                item.ack();
            }
        }
    }

    /**
     * Counts what a channel has, until it ends. A piece stays in the channel until it is in the ledger.
     *
     * @param again whether this takes the place of a dead consumer, which may have entered the first piece already
     */
    void consume(MessageReceiver receiver, boolean again) throws InterruptedException {
        long[] idleSince = {System.nanoTime()};
        receiver.forEach((buffer, offset, length) -> {
            byte[] cell = new byte[length];
            buffer.get(offset, cell);
            long word = Cell.wrap(cell).getLong(0);
            long idle = System.nanoTime() - idleSince[0];
            line.addWaitedNanos(idle > LEAST_WAIT_NANOS ? idle : 0);
            try { // an end mark is only the parent's greeting
                boolean entered = again && !Cell.isEnd(word) && ledger.entry((int) Cell.number(word)) != 0;
                enter(cell, entered);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while counting", e);
            }
            idleSince[0] = System.nanoTime();
        });
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

    private UnackedItem take(SharedBoundedBuffer buffer) throws InterruptedException {
        UnackedItem item = buffer.pollUnacked();
        if (item == null) {
            long before = System.nanoTime();
            item = Objects.requireNonNull(buffer.takeUnacked()); // an end mark ends this queue
            line.addWaitedNanos(System.nanoTime() - before);
        }
        return item;
    }
}
