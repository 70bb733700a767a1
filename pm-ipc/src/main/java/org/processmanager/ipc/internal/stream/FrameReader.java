package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.processmanager.ipc.ChannelCorruptException;

/**
 * Finds the frames in a stream of bytes.
 *
 * <p>Reads are long, but a frame that a read has cut is completed at once, so that no part of it stays in a pipe for the
 * next receiver. A receiver killed between these two reads leaves the rest of a frame behind; therefore such a rest at the
 * beginning of the pipe is skipped. Everything else that is not a frame is damage.
 */
public final class FrameReader {
    private static final int READ_BYTES = 64 << 10;
    private static final int LONGEST_REST_BYTES = FrameLayout.MAX_FRAME_BYTES - 1;

    private final String subject;
    private final ByteSource source;
    private final int restBytes;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer stream =
            ByteBuffer.allocateDirect(READ_BYTES + FrameLayout.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());

    /** Index of the next frame in the buffer. */
    private int next;
    /** Index behind the last byte that was read. */
    private int end;
    /** How many bytes of the stream precede the first one of the buffer. */
    private long bytesBefore;

    private boolean foundFrame;

    /**
     * Creates a reader of a stream that may begin within a frame.
     *
     * @param subject the stream, for messages
     */
    public FrameReader(String subject, ByteSource source) {
        this(subject, source, LONGEST_REST_BYTES);
    }

    private FrameReader(String subject, ByteSource source, int restBytes) {
        this.subject = subject;
        this.source = source;
        this.restBytes = restBytes;
    }

    /** Creates a reader of a stream that begins with a frame. */
    public static FrameReader fromStart(String subject, ByteSource source) {
        return new FrameReader(subject, source, 0);
    }

    /** Returns the buffer of the frames. Its content is valid until {@link #nextFrame} is called again. */
    ByteBuffer stream() {
        return stream;
    }

    /** Returns the position in the stream that corresponds to an index of the buffer. */
    long positionOf(int index) {
        return bytesBefore + index;
    }

    /** Returns the position behind the last byte that was read. */
    public long endPosition() {
        return bytesBefore + end;
    }

    /** Returns the number of bytes that were read and not yet returned as frames. */
    int bufferedBytes() {
        return end - next;
    }

    /**
     * Returns the index of the next complete frame, or {@link ByteSource#EMPTY}, {@link ByteSource#HUNG_UP} or
     * {@link ByteSource#NO_SENDER_YET}.
     *
     * @throws ChannelCorruptException if the next bytes are not a frame
     */
    int nextFrame() {
        while (true) {
            if (next == end) {
                bytesBefore += end;
                next = 0;
                end = 0;
            }
            int missing = next == end ? READ_BYTES : missingBytes();
            if (missing == 0) {
                int frame = next;
                next += FrameLayout.HEADER_BYTES + FrameLayout.payloadBytes(stream, frame);
                return frame;
            }
            makeRoom(missing);
            int n = source.read(stream, end, missing);
            stream.clear();
            if (n > 0) {
                end += n;
            } else if (n == ByteSource.EMPTY) {
                return n;
            } else if (next < end) {
                throw damaged("the last " + (end - next) + " bytes");
            } else {
                return n;
            }
        }
    }

    /** Returns how many bytes of the frame at {@code next} are not yet read. */
    private int missingBytes() {
        while (end - next >= FrameLayout.HEADER_BYTES) {
            if (FrameLayout.isHeader(stream, next, crc)) {
                foundFrame = true;
                int frameBytes = FrameLayout.HEADER_BYTES + FrameLayout.payloadBytes(stream, next);
                return Math.max(0, frameBytes - (end - next));
            }
            if (foundFrame || positionOf(next) >= restBytes) {
                throw damaged("the content");
            }
            next++;
        }
        return FrameLayout.HEADER_BYTES - (end - next);
    }

    private void makeRoom(int bytes) {
        if (end + bytes > stream.capacity()) {
            stream.put(0, stream, next, end - next);
            bytesBefore += next;
            end -= next;
            next = 0;
        }
    }

    private ChannelCorruptException damaged(String what) {
        return new ChannelCorruptException(
                "at byte " + positionOf(next) + " of " + subject + ": " + what
                        + " cannot be a message; a program other than a sender of this library wrote to it",
                positionOf(next));
    }
}
