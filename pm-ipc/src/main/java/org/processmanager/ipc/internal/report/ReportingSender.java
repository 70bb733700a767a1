package org.processmanager.ipc.internal.report;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.event.EventListener;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;

/** A sender that reports what it has sent. */
public final class ReportingSender implements MessageSender {
    private final MessageSender sender;
    private final Reporter reporter;

    public ReportingSender(MessageSender sender, EventListener listener) {
        this.sender = sender;
        this.reporter = new Reporter(listener, sender.snapshot().endpoint());
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        int bytes = Objects.requireNonNull(message, "message").remaining();
        sender.send(message);
        reporter.sent(bytes);
    }

    @Override
    public SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        int bytes = Objects.requireNonNull(message, "message").remaining();
        return reported(sender.send(message, timeout), bytes);
    }

    @Override
    public SendStatus offer(ByteBuffer message) {
        int bytes = Objects.requireNonNull(message, "message").remaining();
        return reported(sender.offer(message), bytes);
    }

    private SendStatus reported(SendStatus status, int bytes) {
        if (status == SendStatus.SENT) {
            reporter.sent(bytes);
        }
        return status;
    }

    @Override
    public Claim claim(int length) throws InterruptedException {
        return new ReportingClaim(sender.claim(length), length);
    }

    @Override
    public @Nullable Claim tryClaim(int length) {
        Claim claim = sender.tryClaim(length);
        return claim == null ? null : new ReportingClaim(claim, length);
    }

    @Override
    public Batch batch() {
        return new ReportingBatch(sender.batch());
    }

    @Override
    public void flush() {
        sender.flush();
    }

    @Override
    public int maxMessageBytes() {
        return sender.maxMessageBytes();
    }

    @Override
    public ChannelSnapshot snapshot() {
        return sender.snapshot();
    }

    @Override
    public void close() {
        sender.close();
    }

    private final class ReportingClaim implements Claim {
        private final Claim claim;
        private final int length;

        ReportingClaim(Claim claim, int length) {
            this.claim = claim;
            this.length = length;
        }

        @Override
        public ByteBuffer buffer() {
            return claim.buffer();
        }

        @Override
        public void commit() {
            claim.commit();
            reporter.sent(length);
        }

        @Override
        public void close() {
            claim.close();
        }
    }

    private final class ReportingBatch implements Batch {
        private final Batch batch;

        ReportingBatch(Batch batch) {
            this.batch = batch;
        }

        @Override
        public SendStatus offer(ByteBuffer message) {
            int bytes = Objects.requireNonNull(message, "message").remaining();
            return reported(batch.offer(message), bytes);
        }

        @Override
        public void send(ByteBuffer message) throws InterruptedException {
            int bytes = Objects.requireNonNull(message, "message").remaining();
            batch.send(message);
            reporter.sent(bytes);
        }

        @Override
        public void commit() {
            batch.commit();
        }

        @Override
        public void close() {
            batch.close();
        }
    }
}
