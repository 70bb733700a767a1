package org.processmanager.examples.app.demo;

import java.util.concurrent.CountDownLatch;

/**
 * Where a producer begins in its work and where it waits: it may continue where a dead one stopped, and may wait at a barrier
 * until a party has been killed. Set up before the work begins.
 */
final class ProducerProgress {
    private final CountDownLatch barrier = new CountDownLatch(1);
    private long barrierAfterItems = Long.MAX_VALUE;
    private long done;
    private boolean again;
    private long items;

    /** Stops after so many lines until {@link #resume()}. */
    void barrierAfter(long lines) {
        barrierAfterItems = lines;
    }

    /**
     * Continues after so many pieces that another producer has recorded as put. It may have put one more and died before it
     * recorded that.
     */
    void continueAfter(long pieces) {
        done = pieces;
        again = true;
    }

    /** Releases the producer. Thread-safe. */
    void resume() {
        barrier.countDown();
    }

    /** Returns whether the next piece was put by another producer. */
    boolean isDone() {
        if (done == 0) {
            return false;
        }
        done--;
        return true;
    }

    /** Blocks at the barrier. */
    void beforePiece() throws InterruptedException {
        if (items >= barrierAfterItems) {
            barrier.await();
        }
    }

    /** Returns whether the piece may be in the buffer already. */
    boolean isAgain() {
        return again;
    }

    /** Counts a piece. */
    void afterPiece(boolean endsItem) {
        again = false;
        items += endsItem ? 1 : 0;
    }
}
