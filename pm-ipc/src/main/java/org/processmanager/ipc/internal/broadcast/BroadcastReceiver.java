package org.processmanager.ipc.internal.broadcast;

import org.processmanager.core.internal.util.Spin;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.WaitWord;
import org.processmanager.ipc.internal.channel.RecordReceiver;

/** A receiving end of a broadcast. */
final class BroadcastReceiver extends RecordReceiver {
    private final BroadcastChannel channel;
    private final int slot;
    private final BroadcastReader reader;
    /** How many senders there were before this receiver was opened, without one that was still there. */
    private final long sendersBefore;

    static BroadcastReceiver open(BroadcastChannel channel, BroadcastOptions options, Delivery delivery) {
        try {
            int slot = channel.receivers.take(channel.endpoint);
            return new BroadcastReceiver(channel, slot, options, delivery);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private BroadcastReceiver(BroadcastChannel channel, int slot, BroadcastOptions options, Delivery delivery) {
        super(channel.endpoint, delivery, channel.region);
        this.channel = channel;
        this.slot = slot;
        int policy = options.policy();
        long position = channel.receivers.join(slot, policy, Math.min(options.longestLag(), channel.lane.capacity));
        channel.senderWait.wake(); // it may have found no room while this receiver joined
        Runnable onRelease = new WakeSender(channel.senderWait);
        reader = policy == ReceiverLayout.BLOCK
                ? new BlockingReader(channel.lane, slot, position, onRelease)
                : new CopyingReader(
                        channel.lane, slot, position, onRelease, channel.endpoint, policy == ReceiverLayout.EVICT);
        sendersBefore = channel.sender.ownersSoFar() - (channel.sender.isTaken() ? 1 : 0);
    }

    @Override
    protected int readAvailable(MessageHandler handler, int limit, Delivery when) {
        return reader.read(handler, limit, when);
    }

    @Override
    protected boolean hasNext() {
        return reader.hasNext();
    }

    @Override
    protected void checkSound() {
        channel.checkSound();
    }

    @Override
    protected boolean haveSendersLeft(boolean probe) {
        // Before its slot is read: a sender that takes the slot in between has not left.
        boolean hadSender = reader.received > 0 || channel.sender.ownersSoFar() > sendersBefore;
        if (channel.sender.ownerVolatile() != 0) {
            return probe && !channel.sender.isTaken();
        }
        return hadSender;
    }

    @Override
    protected void sleepUnless(Spin.Condition ready, long nanos) {
        channel.receiversWait.sleepUnless(ready, nanos);
    }

    @Override
    public void wake() {
        channel.receiversWait.wake();
    }

    @Override
    public void release() {
        try {
            channel.receivers.leave(slot);
            channel.senderWait.wake();
        } finally {
            channel.close();
        }
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        return channel.snapshot(
                Role.RECEIVER, reader.received, reader.missed, channel.receivers.lag(slot, channel.lane.tailAcquire()));
    }

    private record WakeSender(WaitWord senderWait) implements Runnable {
        @Override
        public void run() {
            senderWait.wakeIfWaiting();
        }
    }
}
