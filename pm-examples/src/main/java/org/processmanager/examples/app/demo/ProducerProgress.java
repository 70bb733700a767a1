package org.processmanager.examples.app.demo;

import java.util.concurrent.CountDownLatch;

/**
 * What of its work a producer does, and when: it may go on where one that died stopped, and may have to wait at a gate
 * until somebody was killed. To be set up before the work begins.
 */
final class ProducerProgress {
    private final CountDownLatch gate = new CountDownLatch(1);
    private long gateAfterItems = Long.MAX_VALUE;
    private long done;
    private boolean again;
    private long items;

    /** Stops after so many lines until {@link #resume()}. */
    void gateAfter(long lines) {
        gateAfterItems = lines;
    }

    /**
     * Goes on after so many pieces that another producer has noted as put. It may have put one more and died before it
     * noted that.
     */
    void continueAfter(long pieces) {
        done = pieces;
        again = true;
    }

    /** Opens the gate; from any thread. */
    void resume() {
        gate.countDown();
    }

    /** Whether the next piece was put by another producer. */
    boolean isDone() {
        if (done == 0) {
            return false;
        }
        done--;
        return true;
    }

    /** Waits at the gate. */
    void beforePiece() throws InterruptedException {
        if (items >= gateAfterItems) {
            gate.await();
        }
    }

    /** Whether the piece may be in the buffer already. */
    boolean isAgain() {
        return again;
    }

    /** Counts. */
    void afterPiece(boolean endsItem) {
        again = false;
        items += endsItem ? 1 : 0;
    }
}
