package org.processmanager.ipc.internal.mapped;

import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.channel.EndSlot;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/** Finds room for a sender, and decides or waits when there is none. Not thread-safe, as the sender. */
final class SendBackPressure {
    private final MappedChannel channel;
    private final ChannelLane lane;
    private final LaneWriter writer;
    private final HandleGuard guard;
    private final Spin spin = new Spin();
    private final ProbeInterval probes = new ProbeInterval();
    private final Spin.Condition hasRoom = new HasRoom();
    private final Spin.Condition waitIsOver = new WaitIsOver();

    /** The length of the message that a wait is for. */
    private int length;
    /** How many of the receivers so far are known to have left. */
    private long receiversKnownGone;

    SendBackPressure(MappedChannel channel, ChannelLane lane, LaneWriter writer, HandleGuard guard) {
        this.channel = channel;
        this.lane = lane;
        this.writer = writer;
        this.guard = guard;
        receiversKnownGone = channel.receiverSlot.ownersSoFar() - (channel.receiverSlot.isTaken() ? 1 : 0);
    }

    /** Returns why there is no room. Asks the kernel only now and then. */
    SendStatus fullReason() {
        try {
            return findFullReason();
        } catch (PosixException e) {
            throw cannotSend(e);
        }
    }

    private SendStatus findFullReason() {
        if (channel.isDeleted()) {
            return SendStatus.CLOSED;
        }
        EndSlot receiver = channel.receiverSlot;
        boolean probe = probes.isDue();
        if (probe) {
            lane.checkSound();
        }
        boolean taken = receiver.ownerVolatile() != 0 && (!probe || receiver.isTaken());
        return taken || receiver.ownersSoFar() == 0 ? SendStatus.FULL : SendStatus.NOT_CONNECTED;
    }

    /**
     * Waits for room. A receiver that has left is reported once; a wait that starts after that is for the next one.
     *
     * @return SENT if there is room now, else the status to report
     */
    SendStatus await(int bytes, Deadline deadline) throws InterruptedException {
        try {
            return awaitRoom(bytes, deadline);
        } catch (PosixException e) {
            throw cannotSend(e);
        }
    }

    private ChannelException cannotSend(PosixException e) {
        return SystemFailure.of("cannot send to " + channel.endpoint, e);
    }

    private SendStatus awaitRoom(int bytes, Deadline deadline) throws InterruptedException {
        length = bytes;
        if (spin.await(hasRoom)) {
            return status();
        }
        Slices slices = channel.region.parking().slices();
        while (true) {
            guard.checkOpen();
            SendStatus status = status();
            if (status == SendStatus.NOT_CONNECTED) {
                receiversKnownGone = channel.receiverSlot.ownersSoFar();
            }
            if (status != SendStatus.FULL) {
                return status;
            }
            if (deadline.isOver()) {
                return fullReason();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            lane.senderWait.sleepUnless(waitIsOver, slices.nextNanos(deadline));
        }
    }

    /** Returns the state of a wait for room; FULL if it must continue. */
    private SendStatus status() {
        if (channel.isDeleted()) {
            return SendStatus.CLOSED;
        }
        if (writer.hasRoom(length)) {
            return SendStatus.SENT;
        }
        lane.checkSound();
        return channel.receiverSlot.isTaken() || channel.receiverSlot.ownersSoFar() == receiversKnownGone
                ? SendStatus.FULL
                : SendStatus.NOT_CONNECTED;
    }

    private final class HasRoom implements Spin.Condition {
        @Override
        public boolean holds() {
            return channel.isDeleted() || writer.hasRoom(length);
        }
    }

    private final class WaitIsOver implements Spin.Condition {
        @Override
        public boolean holds() {
            return guard.isClosed() || status() != SendStatus.FULL;
        }
    }
}
