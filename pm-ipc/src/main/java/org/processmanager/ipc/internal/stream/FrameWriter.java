package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.internal.region.park.Deadline;

/** Writes messages into the stream of one connection at a time, frame by frame. Not thread-safe, as the sender. */
public abstract class FrameWriter {
    /** The deadline of an offer, which never waits. */
    public static final Deadline AT_ONCE = Deadline.after(Duration.ZERO);

    /** The frame to write, from index 0. */
    protected final ByteBuffer frame =
            ByteBuffer.allocateDirect(FrameLayout.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());

    private final CRC32C crc = new CRC32C();
    private long id;
    private int sequence;
    /** Something of the current message was written or waited for. */
    private boolean begun;

    protected FrameWriter() {}

    /**
     * Writes the frame as a whole or not at all, without waiting.
     *
     * @return {@link SendStatus#SENT}, {@link SendStatus#FULL} or {@link SendStatus#NOT_CONNECTED}
     */
    protected abstract SendStatus tryWrite(int frameBytes);

    /**
     * Blocks until the stream may accept a frame, the deadline expires, or a slice is over.
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

    /** Writes a message of several frames; null as {@link #write}. */
    protected abstract @Nullable SendStatus writeFrames(ByteBuffer message, int frames, Deadline deadline)
            throws InterruptedException;

    /** Writes the frame at an offset of the message; null as {@link #write}. */
    protected final @Nullable SendStatus writeFrame(ByteBuffer message, int offset, Deadline deadline)
            throws InterruptedException {
        int length = message.remaining();
        int payload = Math.min(length - offset, FrameLayout.MAX_PAYLOAD_BYTES);
        frame.put(FrameLayout.HEADER_BYTES, message, message.position() + offset, payload);
        FrameLayout.writeHeader(frame, crc, id, sequence, length, offset, payload);
        SendStatus status = tryWrite(FrameLayout.HEADER_BYTES + payload);
        while (status == SendStatus.FULL && !deadline.isOver()) {
            begun = true;
            awaitWritable(deadline);
            status = tryWrite(FrameLayout.HEADER_BYTES + payload);
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
