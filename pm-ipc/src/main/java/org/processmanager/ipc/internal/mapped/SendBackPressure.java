package org.processmanager.ipc.internal.mapped;

import java.util.concurrent.TimeUnit;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/** What a sender does where its lane has no room: tells why, or waits for it. Of one thread at a time, as the sender is. */
final class SendBackPressure {
    /** Whether the receiver lives is asked of the kernel where there was no room, and this often at most. */
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** The clock is asked at every 16th of such offers. */
    private static final int PROBE_MASK = 15;

    private final MappedChannel channel;
    private final LaneWriter writer;
    private final HandleGuard gate;
    private final Spin spin = new Spin();

    private long fullOffers;
    private long probedNanos;
    /** How many receivers have had their seat of whose going this sender knows. */
    private long knownGone;

    SendBackPressure(MappedChannel channel, LaneWriter writer, HandleGuard gate) {
        this.channel = channel;
        this.writer = writer;
        this.gate = gate;
        knownGone = channel.receiverSeat.joined() - (channel.receiverSeat.isTaken() ? 1 : 0);
    }

    /** Why there is none. It asks the kernel only now and then. */
    SendStatus whyNone() {
        ChannelSlot receiver = channel.receiverSeat;
        boolean probe = timeToProbe();
        if (probe) {
            channel.checkSound();
            if (channel.isDeleted()) {
                return SendStatus.CLOSED;
            }
        }
        boolean taken = receiver.ownerVolatile() != 0 && (!probe || receiver.isTaken());
        return taken || receiver.joined() == 0 ? SendStatus.FULL : SendStatus.NOT_CONNECTED;
    }

    private boolean timeToProbe() {
        if ((fullOffers++ & PROBE_MASK) != 0) {
            return false;
        }
        long now = System.nanoTime();
        if (now - probedNanos < PROBE_NANOS) {
            return false;
        }
        probedNanos = now;
        return true;
    }

    /**
     * Waits for room. A receiver that has gone is told of once; a wait that begins after that is for the next one.
     *
     * @return SENT if there is room now, else what to answer
     */
    SendStatus await(int length, Deadline deadline) throws InterruptedException {
        if (spin.await(() -> writer.reserve(length) != LaneWriter.FULL)) {
            return SendStatus.SENT;
        }
        Slices slices = channel.region.parking().slices();
        while (true) {
            gate.checkOpen();
            SendStatus answer = answer(length);
            if (answer == SendStatus.NOT_CONNECTED) {
                knownGone = channel.receiverSeat.joined();
            }
            if (answer != SendStatus.FULL) {
                return answer;
            }
            if (deadline.isOver()) {
                return whyNone();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            channel.senderWait.sleepUnless(
                    () -> gate.isClosed() || answer(length) != SendStatus.FULL, slices.nextNanos(deadline));
        }
    }

    /** What a wait for room has come to; FULL: it goes on. */
    private SendStatus answer(int length) {
        if (writer.reserve(length) != LaneWriter.FULL) {
            return SendStatus.SENT;
        }
        channel.checkSound();
        if (channel.isDeleted()) {
            return SendStatus.CLOSED;
        }
        return channel.receiverSeat.isTaken() || channel.receiverSeat.joined() == knownGone
                ? SendStatus.FULL
                : SendStatus.NOT_CONNECTED;
    }
}
