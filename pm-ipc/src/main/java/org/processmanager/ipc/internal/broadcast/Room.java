package org.processmanager.ipc.internal.broadcast;

import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.util.Spin;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.internal.region.park.Deadline;
import org.processmanager.sync.internal.region.park.Slices;

/** Finds room for the sender of a broadcast, and decides or waits when there is none. Not thread-safe, as the sender. */
final class Room {
    private final BroadcastChannel channel;
    private final BroadcastWriter writer;
    private final HandleGuard guard;
    private final Spin spin = new Spin();
    private final ProbeInterval probes = new ProbeInterval();
    private final Spin.Condition hasRoom = new HasRoom();
    private final Spin.Condition waitIsOver = new WaitIsOver();

    /** The length of the message that a wait is for. */
    private int length;

    Room(BroadcastChannel channel, BroadcastWriter writer, HandleGuard guard) {
        this.channel = channel;
        this.writer = writer;
        this.guard = guard;
    }

    /**
     * Finds room for a message as {@link BroadcastWriter#reserve}; a deleted channel has none, since no receiver can follow.
     * Dead receivers are searched now and then.
     */
    long reserve(int bytes) {
        if (channel.isDeleted()) {
            return BroadcastWriter.FULL;
        }
        long start = writer.reserve(bytes);
        return start == BroadcastWriter.FULL && probes.isDue() && freeDead() ? writer.reserve(bytes) : start;
    }

    private boolean freeDead() {
        channel.checkSound();
        try {
            return channel.receivers.freeDead();
        } catch (PosixException e) {
            throw SystemFailure.of("cannot send to " + channel.endpoint, e);
        }
    }

    /** Returns why there is no room. */
    SendStatus fullReason() {
        return channel.isDeleted() ? SendStatus.CLOSED : SendStatus.FULL;
    }

    /**
     * Waits for room.
     *
     * @return SENT if there is room now, else the status to report
     */
    SendStatus await(int bytes, Deadline deadline) throws InterruptedException {
        length = bytes;
        if (spin.await(hasRoom)) {
            return SendStatus.SENT;
        }
        Slices slices = channel.region.parking().slices();
        while (true) {
            guard.checkOpen();
            freeDead();
            if (channel.isDeleted()) {
                return SendStatus.CLOSED;
            }
            if (hasRoom.holds()) {
                return SendStatus.SENT;
            }
            if (deadline.isOver()) {
                return SendStatus.FULL;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            channel.senderWait.sleepUnless(waitIsOver, slices.nextNanos(deadline));
        }
    }

    private final class HasRoom implements Spin.Condition {
        @Override
        public boolean holds() {
            return reserve(length) != BroadcastWriter.FULL;
        }
    }

    private final class WaitIsOver implements Spin.Condition {
        @Override
        public boolean holds() {
            return guard.isClosed() || channel.isDeleted() || hasRoom.holds();
        }
    }
}
