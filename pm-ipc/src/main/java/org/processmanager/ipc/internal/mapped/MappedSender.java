package org.processmanager.ipc.internal.mapped;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Batch;
import org.processmanager.ipc.ChannelStatus;
import org.processmanager.ipc.ChannelStatus.Role;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.NotConnectedException;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.Gate;
import org.processmanager.sync.internal.region.Deadline;
import org.processmanager.sync.internal.region.Slices;

/** The sending end of a channel in shared memory. */
final class MappedSender implements MessageSender {
    /** Whether the receiver lives is asked of the kernel where there was no room, and this often at most. */
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** The clock is asked at every 16th of such offers. */
    private static final int PROBE_MASK = 15;

    private final MappedChannel channel;
    private final LaneWriter writer;
    private final Gate gate;
    private final int maxMessageBytes;
    private final Spin spin = new Spin();

    /** What is open and must be closed before anything else is sent. */
    private @Nullable AutoCloseable open;

    private long fullOffers;
    private long probedNanos;
    /** How many receivers have had their seat of whose going this sender knows. */
    private long knownGone;

    static MappedSender open(MappedChannel channel) {
        try {
            channel.take(channel.senderSeat, Role.SENDER);
            return new MappedSender(channel);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private MappedSender(MappedChannel channel) {
        this.channel = channel;
        this.gate = new Gate("sender of " + channel.endpoint, this::release);
        this.writer = new LaneWriter(channel.memory, channel.offset, channel.capacity, channel.endpoint);
        this.maxMessageBytes = LaneDescriptor.maxMessageBytes(channel.capacity);
        this.knownGone = channel.receiverSeat.joined() - (channel.receiverSeat.isTaken() ? 1 : 0);
    }

    // ---- single messages

    @Override
    public SendStatus offer(ByteBuffer message) {
        checkLength(message.remaining());
        enter(null);
        try {
            if (put(message)) {
                channel.receiverWait.wakeIfWaiting();
                return SendStatus.SENT;
            }
            return whyFull();
        } finally {
            gate.leave();
        }
    }

    @Override
    public SendStatus offer(byte[] message) {
        checkLength(message.length);
        enter(null);
        try {
            long start = writer.reserve(message.length);
            if (start == LaneWriter.FULL) {
                return whyFull();
            }
            channel.memory.put(writer.payloadAt(start), message);
            commit(start, message.length);
            return SendStatus.SENT;
        } finally {
            gate.leave();
        }
    }

    @Override
    public SendStatus send(ByteBuffer message) throws InterruptedException {
        return send(message, Deadline.NEVER);
    }

    @Override
    public SendStatus send(ByteBuffer message, Duration timeout) throws InterruptedException {
        return send(message, Deadline.after(timeout));
    }

    private SendStatus send(ByteBuffer message, Deadline deadline) throws InterruptedException {
        checkLength(message.remaining());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            while (!put(message)) {
                SendStatus status = awaitRoom(message.remaining(), deadline);
                if (status != SendStatus.SENT) {
                    return status;
                }
            }
            channel.receiverWait.wakeIfWaiting();
            return SendStatus.SENT;
        } finally {
            gate.leave();
        }
    }

    private boolean put(ByteBuffer message) {
        int length = message.remaining();
        long start = writer.reserve(length);
        if (start == LaneWriter.FULL) {
            return false;
        }
        channel.memory.put(writer.payloadAt(start), message, message.position(), length);
        writer.commit(start, length);
        return true;
    }

    private void commit(long start, int length) {
        writer.commit(start, length);
        channel.receiverWait.wakeIfWaiting();
    }

    // ---- no room

    /** Why there is no room. It asks the kernel only now and then. */
    private SendStatus whyFull() {
        Seat receiver = channel.receiverSeat;
        boolean probe = timeToProbe();
        if (probe) {
            channel.checkSound();
            if (channel.isDeleted()) {
                return SendStatus.ENDED;
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
    private SendStatus awaitRoom(int length, Deadline deadline) throws InterruptedException {
        if (spin.await(() -> writer.reserve(length) != LaneWriter.FULL)) {
            return SendStatus.SENT;
        }
        Slices slices = channel.region.parking().slices();
        while (true) {
            gate.checkOpen();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            channel.senderWait.announce();
            try {
                if (gate.isClosed()) {
                    continue;
                }
                if (writer.reserve(length) != LaneWriter.FULL) {
                    return SendStatus.SENT;
                }
                channel.checkSound();
                if (channel.isDeleted()) {
                    return SendStatus.ENDED;
                }
                boolean connected = channel.receiverSeat.isTaken();
                long joined = channel.receiverSeat.joined();
                if (!connected && joined > knownGone) {
                    knownGone = joined;
                    return SendStatus.NOT_CONNECTED;
                }
                if (deadline.isOver()) {
                    return connected || joined == 0 ? SendStatus.FULL : SendStatus.NOT_CONNECTED;
                }
                channel.senderWait.sleep(slices.nextNanos(deadline));
            } finally {
                channel.senderWait.withdraw();
            }
        }
    }

    // ---- claims and batches

    @Override
    public Claim claim(int length) throws InterruptedException {
        checkLength(length);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        enter(null);
        try {
            long start = writer.reserve(length);
            while (start == LaneWriter.FULL) {
                SendStatus status = awaitRoom(length, Deadline.NEVER);
                if (status != SendStatus.SENT) {
                    throw new NotConnectedException("claim of " + length + " bytes of " + channel.endpoint + ": "
                            + status + "; its receiver has gone, and there was no room");
                }
                start = writer.reserve(length);
            }
            return newClaim(start, length);
        } finally {
            gate.leave();
        }
    }

    @Override
    public @Nullable Claim tryClaim(int length) {
        checkLength(length);
        enter(null);
        try {
            long start = writer.reserve(length);
            return start == LaneWriter.FULL ? null : newClaim(start, length);
        } finally {
            gate.leave();
        }
    }

    private Claim newClaim(long start, int length) {
        LaneClaim claim = new LaneClaim(start, channel.memory.slice(writer.payloadAt(start), length));
        open = claim;
        return claim;
    }

    @Override
    public Batch batch() {
        enter(null);
        try {
            LaneBatch batch = new LaneBatch();
            writer.beginBatch();
            open = batch;
            return batch;
        } finally {
            gate.leave();
        }
    }

    @Override
    public void flush() {
        gate.enter();
        try {
            publishBatch();
        } finally {
            gate.leave();
        }
    }

    private void publishBatch() {
        if (writer.commitBatch()) {
            channel.receiverWait.wakeIfWaiting();
        }
    }

    // ---- the handle

    @Override
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public ChannelStatus status() {
        gate.checkOpen();
        return channel.status(Role.SENDER, writer.messages());
    }

    @Override
    public void close() {
        gate.close(channel.senderWait::wake);
    }

    /** With a claim open its thread may be writing in the lane: then the seat falls only when the memory is detached. */
    private void release() {
        writer.commitBatch();
        if (!(open instanceof Claim)) {
            channel.senderSeat.leave();
        }
        channel.receiverWait.wake();
        channel.close();
    }

    private void enter(@Nullable AutoCloseable expected) {
        gate.enter();
        if (open != expected) {
            gate.leave();
            throw new IllegalStateException("sender of " + channel.endpoint + " has an open "
                    + (open instanceof Claim ? "claim; commit or close it first" : "batch; close it first"));
        }
    }

    private void checkLength(int length) {
        if (length < 0 || length > maxMessageBytes) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: 0 to " + maxMessageBytes
                    + ", half the capacity of " + channel.endpoint + " less 8; give it a larger capacity)");
        }
    }

    /** Room in the lane, not yet committed. */
    private final class LaneClaim implements Claim {
        private final long start;
        private final ByteBuffer buffer;

        LaneClaim(long start, ByteBuffer buffer) {
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
            enter(this);
            try {
                open = null;
                MappedSender.this.commit(start, buffer.capacity());
            } finally {
                gate.leave();
            }
        }

        @Override
        public void close() {
            if (open == this) {
                open = null;
            }
        }

        private void checkOpen() {
            if (open != this) {
                throw new IllegalStateException(
                        "a claim of " + channel.endpoint + " was committed or closed before, and can be used no more");
            }
        }
    }

    /** Records behind one whose header is held back. */
    private final class LaneBatch implements Batch {
        @Override
        public SendStatus offer(ByteBuffer message) {
            checkLength(message.remaining());
            enter();
            try {
                if (put(message)) {
                    return SendStatus.SENT;
                }
                publishBatch();
                return put(message) ? SendStatus.SENT : whyFull();
            } finally {
                gate.leave();
            }
        }

        @Override
        public SendStatus send(ByteBuffer message) throws InterruptedException {
            checkLength(message.remaining());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            enter();
            try {
                while (!put(message)) {
                    publishBatch();
                    SendStatus status = awaitRoom(message.remaining(), Deadline.NEVER);
                    if (status != SendStatus.SENT) {
                        return status;
                    }
                }
                return SendStatus.SENT;
            } finally {
                gate.leave();
            }
        }

        @Override
        public void commit() {
            enter();
            try {
                publishBatch();
            } finally {
                gate.leave();
            }
        }

        @Override
        public void close() {
            if (open != this) {
                return;
            }
            open = null;
            try {
                gate.enter();
            } catch (IllegalStateException e) {
                return; // the sender was closed, and published the batch
            }
            try {
                writer.endBatch();
                publishBatch();
            } finally {
                gate.leave();
            }
        }

        private void enter() {
            if (open != this) {
                throw new IllegalStateException("the batch is closed");
            }
            MappedSender.this.enter(this);
        }
    }
}
