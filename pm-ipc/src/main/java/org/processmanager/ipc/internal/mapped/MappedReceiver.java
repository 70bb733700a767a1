package org.processmanager.ipc.internal.mapped;

import java.util.concurrent.TimeUnit;
import org.processmanager.ipc.ChannelStatus;
import org.processmanager.ipc.ChannelStatus.Role;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/** The receiving end of a channel in shared memory. */
final class MappedReceiver extends AbstractReceiver {
    /** Whether the sender lives is asked of the kernel when a poll found nothing, and this often at most. */
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** The clock is asked at every 16th of such polls. */
    private static final int PROBE_MASK = 15;

    private final MappedChannel channel;
    private final LaneReader reader;
    private final Spin spin = new Spin();
    private final Spin.Look look;

    /** How many senders there had been when this receiver came, not counting one that was there. */
    private final long sendersBefore;

    private long emptyPolls;
    private long probedNanos;

    static MappedReceiver open(MappedChannel channel, Delivery delivery) {
        try {
            channel.take(channel.receiverSeat, Role.RECEIVER);
            return new MappedReceiver(channel, delivery);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedReceiver(MappedChannel channel, Delivery delivery) {
        super(channel.endpoint, delivery);
        this.channel = channel;
        this.reader = new LaneReader(
                channel.memory, channel.offset, channel.capacity, channel.endpoint, channel.senderWait::wakeIfWaiting);
        this.look = reader::hasNext;
        this.sendersBefore = channel.senderSeat.joined() - (channel.senderSeat.isTaken() ? 1 : 0);
        // A sender that fills the lane may have been waiting for a first receiver.
        channel.senderWait.wake();
    }

    @Override
    protected int take(MessageHandler handler, int limit, Delivery when) {
        int read = read(handler, limit, when);
        if (read == 0 && hasEnded(false)) {
            // Once more: what its sender did last came before it left.
            read = read(handler, limit, when);
            return read == 0 ? CLOSED : read;
        }
        return read;
    }

    private int read(MessageHandler handler, int limit, Delivery when) {
        int read = reader.read(handler, limit, when);
        if (read > 0) {
            emptyPolls = 0;
            spin.found(read);
        }
        return read;
    }

    /** Whether no sender is left and there was one. Without an order it asks the kernel only now and then. */
    private boolean hasEnded(boolean ask) {
        boolean probe = ask || timeToProbe();
        if (probe) {
            channel.checkSound();
        }
        if (channel.senderSeat.ownerVolatile() != 0) {
            return probe && (!channel.senderSeat.isTaken() || channel.isDeleted());
        }
        return reader.messages() > 0 || channel.senderSeat.joined() > sendersBefore || (probe && channel.isDeleted());
    }

    private boolean timeToProbe() {
        if ((emptyPolls++ & PROBE_MASK) != 0) {
            return false;
        }
        long now = System.nanoTime();
        if (now - probedNanos < PROBE_NANOS) {
            return false;
        }
        probedNanos = now;
        return true;
    }

    @Override
    protected void await(Deadline deadline) throws InterruptedException {
        if (spin.await(look)) {
            return;
        }
        Slices slices = channel.region.parking().slices();
        while (!isReady() && !deadline.isOver()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            channel.receiverWait.sleepUnless(this::isReady, slices.nextNanos(deadline));
        }
        gate.checkOpen();
    }

    /** Whether a wait is over: {@link #take} has an answer, or this end is closed. */
    private boolean isReady() {
        return gate.isClosed() || reader.hasNext() || hasEnded(true);
    }

    @Override
    protected void wake() {
        channel.receiverWait.wake();
    }

    @Override
    protected void release() {
        channel.receiverSeat.leave();
        channel.senderWait.wake();
        channel.close();
    }

    @Override
    public ChannelStatus status() {
        gate.checkOpen();
        return channel.status(Role.RECEIVER, reader.messages());
    }
}
