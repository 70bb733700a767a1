package org.processmanager.ipc.internal.channel;

import java.nio.ByteBuffer;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.SendFailure;

/** Room in the lane of a sender, not yet committed. */
final class RecordClaim implements Claim {
    private final RecordSender sender;
    private final long start;
    private final ByteBuffer buffer;

    RecordClaim(RecordSender sender, long start, ByteBuffer buffer) {
        this.sender = sender;
        this.start = start;
        this.buffer = buffer;
    }

    @Override
    public ByteBuffer buffer() {
        checkOpen();
        return buffer;
    }

    @Override
    public void commit() {
        checkOpen();
        sender.enter(this);
        try {
            sender.open = null;
            if (sender.isDeleted()) {
                SendFailure.throwUnlessSent(SendStatus.CLOSED, sender.endpoint);
            }
            sender.commit(start, buffer.capacity());
            sender.clearClaim();
        } finally {
            sender.guard.leave();
        }
    }

    @Override
    public void close() {
        if (sender.open == this) {
            sender.open = null;
            forget();
        }
    }

    private void forget() {
        try {
            sender.guard.enter();
        } catch (IllegalStateException e) {
            return; // closed, perhaps by another thread at this moment
        }
        try {
            sender.clearClaim();
        } finally {
            sender.guard.leave();
        }
    }

    private void checkOpen() {
        if (sender.open != this) {
            throw new IllegalStateException(
                    "a claim of " + sender.endpoint + " is closed: it was committed or closed before");
        }
    }
}
