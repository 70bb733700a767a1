package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.ChannelEvents;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Writes messages into the stream of one connection at a time, frame by frame, or the frames of a batch together. What is added
 * to a batch stays until it is written, also on another connection. Not thread-safe, as the sender.
 */
public abstract class FrameWriter {
    protected final Endpoint endpoint;

    /** The frames to write, from index 0: one, or those of a batch. */
    protected final ByteBuffer frames =
            ByteBuffer.allocateDirect(FrameLayout.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());

    private final CRC32C crc = new CRC32C();
    private long id;
    private int sequence;
    /** The bytes and the messages of the batch that are not yet written. */
    private int addedBytes;

    private int addedMessages;
    /** Something of the current message was written or waited for. */
    private boolean begun;

    protected FrameWriter(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Writes the frames as a whole or not at all, without waiting.
     *
     * @return {@link SendStatus#SENT}, {@link SendStatus#FULL} or {@link SendStatus#NOT_CONNECTED}
     */
    protected abstract SendStatus tryWrite(int bytes);

    /** Returns what {@link #tryWrite} would return. */
    protected abstract SendStatus probe();

    /**
     * Blocks until the stream may accept frames, the deadline expires, or a slice is over.
     *
     * @throws IllegalStateException if the sender was closed
     */
    protected abstract void awaitWritable(Deadline deadline) throws InterruptedException;

    /** Returns the id of this sender on the current connection. */
    protected final long id() {
        return id;
    }

    /** Sets the id of this sender: the partial message of an earlier one belongs to another sender. */
    protected final void setId(long sender) {
        id = sender;
    }

    /**
     * Writes a message.
     *
     * @return null if the receiver was gone before the first byte was written or waited for: there may be another one
     * @throws IllegalArgumentException if it is an offer of a message that the stream cannot hold
     */
    public final @Nullable SendStatus write(ByteBuffer message, Deadline deadline) throws InterruptedException {
        begun = false;
        sequence++;
        return message.remaining() <= FrameLayout.MAX_PAYLOAD_BYTES
                ? writeFrame(message, 0, deadline)
                : writeFrames(message, FrameLayout.framesOf(message.remaining()), deadline);
    }

    /**
     * Adds a message to the batch, which is written first if it has no room left. One of several frames is written at
     * once, behind the batch.
     *
     * @return as {@link #write}; the message was added or written if it is {@link SendStatus#SENT}
     * @throws IllegalArgumentException if it is an offer of a message that the stream cannot hold
     */
    final @Nullable SendStatus add(ByteBuffer message, Deadline deadline) throws InterruptedException {
        int length = message.remaining();
        boolean small = length <= FrameLayout.MAX_PAYLOAD_BYTES;
        if (!small || addedBytes + FrameLayout.HEADER_BYTES + length > FrameLayout.MAX_FRAME_BYTES) {
            SendStatus status = publish(deadline);
            if (status != SendStatus.SENT) {
                return status;
            }
        }
        if (!small) {
            return write(message, deadline);
        }
        begun = false;
        // A batch begins with room in the stream, so that its commit need not wait unless other senders take the room.
        SendStatus status = addedBytes == 0 ? awaitRoom(deadline) : SendStatus.SENT;
        if (status != SendStatus.SENT) {
            return status;
        }
        sequence++;
        addedBytes += putFrame(addedBytes, message, 0);
        addedMessages++;
        return SendStatus.SENT;
    }

    private @Nullable SendStatus awaitRoom(Deadline deadline) throws InterruptedException {
        SendStatus status = probe();
        if (status == SendStatus.FULL && !deadline.isOver()) {
            status = awaitRoom(0, deadline);
        }
        return status == SendStatus.NOT_CONNECTED ? notConnected() : status;
    }

    /** Waits until frames can be written, and writes them; 0 bytes are none. Reports the wait to the flight recorder. */
    private SendStatus awaitRoom(int bytes, Deadline deadline) throws InterruptedException {
        begun = true;
        Object blocked = JfrState.isStarted() ? ChannelEvents.blocked() : null;
        try {
            SendStatus status;
            do {
                awaitWritable(deadline);
                status = bytes == 0 ? probe() : tryWrite(bytes);
            } while (status == SendStatus.FULL && !deadline.isOver());
            return status;
        } finally {
            if (blocked != null) {
                ChannelEvents.unblocked(blocked, endpoint.toString());
            }
        }
    }

    /** Writes the messages of the batch, if any; returns as {@link #write}. */
    final @Nullable SendStatus publish(Deadline deadline) throws InterruptedException {
        begun = false;
        SendStatus status = addedBytes == 0 ? SendStatus.SENT : writeBytes(addedBytes, deadline);
        if (status == SendStatus.SENT) {
            discardAdded();
        }
        return status;
    }

    /** Returns how many messages of the batch are not yet written. */
    final int addedMessages() {
        return addedMessages;
    }

    /** Discards the messages of the batch that are not yet written. */
    final void discardAdded() {
        addedBytes = 0;
        addedMessages = 0;
    }

    /** Writes a message of several frames; null as {@link #write}. */
    protected abstract @Nullable SendStatus writeFrames(ByteBuffer message, int frames, Deadline deadline)
            throws InterruptedException;

    /** Writes the frame at an offset of the message; null as {@link #write}. */
    protected final @Nullable SendStatus writeFrame(ByteBuffer message, int offset, Deadline deadline)
            throws InterruptedException {
        return writeBytes(putFrame(0, message, offset), deadline);
    }

    /** Stores the frame at an offset of a message; returns its bytes. */
    private int putFrame(int at, ByteBuffer message, int offset) {
        int length = message.remaining();
        int payload = Math.min(length - offset, FrameLayout.MAX_PAYLOAD_BYTES);
        frames.put(at + FrameLayout.HEADER_BYTES, message, message.position() + offset, payload);
        FrameLayout.writeHeader(frames, at, crc, id, sequence, length, offset, payload);
        return FrameLayout.HEADER_BYTES + payload;
    }

    private @Nullable SendStatus writeBytes(int bytes, Deadline deadline) throws InterruptedException {
        SendStatus status = tryWrite(bytes);
        if (status == SendStatus.FULL && !deadline.isOver()) {
            status = awaitRoom(bytes, deadline);
        }
        if (status == SendStatus.NOT_CONNECTED) {
            return notConnected();
        }
        if (status == SendStatus.SENT) {
            begun = true;
        }
        return status;
    }

    /** Notes that the current message was waited for. */
    protected final void setBegun() {
        begun = true;
    }

    /** Returns the status of a message whose receiver is gone; null as {@link #write}. */
    protected final @Nullable SendStatus notConnected() {
        return begun ? SendStatus.NOT_CONNECTED : null;
    }
}
