package org.processmanager.ipc.internal.channel;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.SendFailure;
import org.processmanager.sync.internal.region.park.Deadline;

/** Records that are held back. */
final class RecordBatch implements Batch {
    private final RecordSender sender;
    private final LengthLimits limits;

    RecordBatch(RecordSender sender, LengthLimits limits) {
        this.sender = sender;
        this.limits = limits;
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        int length =
                limits.checkWhole(Objects.requireNonNull(message, "message").remaining());
        enter();
        try {
            return add(message, length) || addAfterCommit(message, length) ? SendStatus.SENT : sender.fullReason();
        } finally {
            sender.guard.leave();
        }
    }

    private boolean addAfterCommit(ByteBuffer message, int length) {
        sender.publishBatch();
        return add(message, length);
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        int length = limits.check(Objects.requireNonNull(message, "message").remaining());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter();
        try {
            if (length > limits.whole()) {
                sender.publishBatch();
                SendFailure.throwUnlessSent(sender.stream(message, Deadline.NEVER), sender.endpoint);
                return;
            }
            while (!add(message, length)) {
                sender.publishBatch();
                SendFailure.throwUnlessSent(sender.awaitRecorded(length, Deadline.NEVER), sender.endpoint);
            }
        } finally {
            sender.guard.leave();
        }
    }

    private boolean add(ByteBuffer message, int length) {
        if (length > limits.record()) {
            return sender.appendWhole(message, length);
        }
        long start = sender.reserveInBatch(length);
        if (start == RecordSender.FULL) {
            return false;
        }
        sender.append(start, message, length);
        return true;
    }

    @Override
    public void commit() {
        enter();
        try {
            sender.publishBatch();
        } finally {
            sender.guard.leave();
        }
    }

    @Override
    public void close() {
        if (sender.open != this || sender.guard.isClosed()) {
            return; // a sender that is closed publishes its batch
        }
        enter();
        try {
            sender.open = null;
            sender.publishBatch();
        } finally {
            sender.guard.leave();
        }
    }

    private void enter() {
        sender.guard.enter();
        if (sender.open != this) {
            sender.guard.leave();
            throw new IllegalStateException(
                    "the batch of " + sender.endpoint + " is closed; open another one by batch()");
        }
    }
}
