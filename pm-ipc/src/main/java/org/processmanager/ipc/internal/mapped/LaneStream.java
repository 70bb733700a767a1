package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.channel.EndSlot;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Sends one message that is longer than its lane, part by part, while the receiver takes the parts. A receiver that left has
 * taken the parts that it received with it: the message is then given up, and the next receiver skips the rest.
 */
final class LaneStream {
    private static final int PARTS_PER_LAP = 4;

    private final EndSlot receiver;
    private final LaneWriter writer;
    private final MappedSender sender;
    /** How many receivers there were before the first part was sent. */
    private final long receiversBefore;
    /** The receiver of the message, or 0 if there was none yet. */
    private int owner;

    LaneStream(MappedChannel channel, LaneWriter writer, MappedSender sender) {
        this.receiver = channel.receiverSlot;
        this.writer = writer;
        this.sender = sender;
        this.receiversBefore = receiver.ownersSoFar();
        this.owner = receiver.isTaken() ? receiver.ownerVolatile() : 0;
    }

    SendStatus send(ByteBuffer message, Deadline deadline) throws InterruptedException {
        int length = message.remaining();
        int part = writer.capacity / PARTS_PER_LAP;
        if (deadline.isOver()) {
            return sender.fullReason();
        }
        for (int sent = 0; sent < length; sent += part) {
            int bytes = Math.min(part, length - sent);
            SendStatus status = sender.awaitPart(bytes, deadline);
            boolean isLast = sent + bytes == length;
            if (status == SendStatus.SENT && sent > 0 && !isReceiverSame(isLast)) {
                status = SendStatus.NOT_CONNECTED;
            }
            if (status != SendStatus.SENT) {
                return status;
            }
            writer.appendFragments(message, sent, bytes);
            sender.publishBatch();
        }
        return SendStatus.SENT;
    }

    /**
     * Returns whether no receiver has left since the first part was sent.
     *
     * @param ask whether to ask the kernel if it is alive
     */
    private boolean isReceiverSame(boolean ask) {
        int now = receiver.ownerVolatile();
        if (owner == 0) {
            if (receiver.ownersSoFar() > receiversBefore + (now == 0 ? 0 : 1)) {
                return false;
            }
            owner = now;
        }
        return owner == now && (owner == 0 || !ask || receiver.isAlive(owner));
    }
}
