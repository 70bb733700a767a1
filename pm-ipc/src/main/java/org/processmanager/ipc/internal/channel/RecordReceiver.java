package org.processmanager.ipc.internal.channel;

import org.processmanager.core.internal.util.Spin;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/** All forms of receiving from lanes of records in shared memory. The lanes and their senders are the subclass's. */
public abstract class RecordReceiver extends AbstractReceiver {
    private final Region region;
    private final Spin spin = new Spin();
    private final ProbeInterval probes = new ProbeInterval();
    private final Spin.Condition hasMessage = new HasMessage();
    private final Spin.Condition waitIsOver = new WaitIsOver();

    protected RecordReceiver(Endpoint endpoint, Delivery delivery, Region region) {
        super(endpoint, delivery);
        this.region = region;
    }

    /** Passes on what is available; returns the number of messages. */
    protected abstract int readAvailable(MessageHandler handler, int limit, Delivery when);

    /** Returns whether {@link #readAvailable} would return messages or throw. */
    protected abstract boolean hasNext();

    /** Rejects a channel that was found damaged. */
    protected abstract void checkSound();

    /**
     * Returns whether no sender is left and there was one.
     *
     * @param probe whether to ask the kernel which participants are alive
     */
    protected abstract boolean haveSendersLeft(boolean probe);

    /** Sleeps one slice, unless a condition holds or a sender wakes this receiver. */
    protected abstract void sleepUnless(Spin.Condition ready, long nanos);

    @Override
    protected final int take(MessageHandler handler, int limit, Delivery when) {
        int read = readAvailable(handler, limit, when);
        if (read == 0 && spin.pauseIfBusy()) {
            read = readAvailable(handler, limit, when);
        }
        if (read == 0 && isClosedNow(probes.isDue())) {
            // Once more, because the last messages of a sender precede its leaving.
            read = readAvailable(handler, limit, when);
            if (read == 0) {
                return CLOSED;
            }
        }
        if (read > 0) {
            probes.restart();
            spin.found(read);
        }
        return read;
    }

    private boolean isClosedNow(boolean probe) {
        if (probe) {
            checkSound();
        }
        return ChannelRegion.isDeleted(region) || (!waitsForSenders && haveSendersLeft(probe));
    }

    @Override
    protected final boolean spin() {
        return spin.await(hasMessage);
    }

    @Override
    protected final void await(Deadline deadline) throws InterruptedException {
        Slices slices = region.parking().slices();
        while (!waitIsOver.holds() && !deadline.isOver()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            sleepUnless(waitIsOver, slices.nextNanos(deadline));
        }
        guard.checkOpen();
    }

    private final class HasMessage implements Spin.Condition {
        @Override
        public boolean holds() {
            return hasNext();
        }
    }

    /** {@link #take} has a result, or this end is closed. */
    private final class WaitIsOver implements Spin.Condition {
        @Override
        public boolean holds() {
            return guard.isClosed() || hasNext() || isClosedNow(true);
        }
    }
}
