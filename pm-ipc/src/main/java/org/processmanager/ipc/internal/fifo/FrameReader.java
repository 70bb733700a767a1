package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Endpoint;

/**
 * Finds the frames in what comes out of a pipe.
 *
 * <p>Reads are long, but a frame that a read cut is read to its end at once, so that nothing of it stays in the pipe for the
 * next receiver. One killed between these two reads leaves the rest of a frame behind; therefore the first thing in the pipe
 * may be such a rest, and is passed over. Anything else that is no frame is damage.
 */
final class FrameReader {
    /** No frame is there now. */
    static final int NOTHING = -1;
    /** There is none, and no sender is left, and there was one. */
    static final int HUNG_UP = -2;

    private static final int READ_BYTES = 64 << 10;
    private static final int LONGEST_REST_BYTES = FrameLayout.MAX_FRAME_BYTES - 1;

    private final Endpoint endpoint;
    private final int fd;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer stream =
            ByteBuffer.allocateDirect(READ_BYTES + FrameLayout.MAX_FRAME_BYTES).order(ByteOrder.nativeOrder());
    private final long address = Files.addressOf(stream);

    /** Where in the buffer the next frame begins, and where what was read ends. */
    private int next;

    private int end;
    /** How much of the pipe's bytes came before the buffer's first. */
    private long before;

    private boolean inStep;

    FrameReader(Endpoint endpoint, int fd) {
        this.endpoint = endpoint;
        this.fd = fd;
    }

    /** Where the frames are. What stands at a frame's place is valid until {@link #nextFrame} is called again. */
    ByteBuffer stream() {
        return stream;
    }

    /** Where in the pipe's bytes a place of the buffer is, for messages. */
    long positionOf(int place) {
        return before + place;
    }

    /** How many bytes were read of frames that nobody asked for yet. */
    int bufferedBytes() {
        return end - next;
    }

    /**
     * The place of the next frame, which is all there, or {@link #NOTHING} or {@link #HUNG_UP}.
     *
     * @throws ChannelCorruptException if what is there is no frame
     */
    int nextFrame() {
        while (true) {
            if (next == end) {
                before += end;
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
            int n = Files.read(fd, address + end, missing);
            if (n > 0) {
                end += n;
            } else if (n == 0) {
                if (next < end) {
                    throw damaged("the last " + (end - next) + " bytes");
                }
                // 0 is also the answer where no sender ever was
                return (Poll.awaitOne(fd, Poll.IN, 0) & Poll.HUP) == 0 ? NOTHING : HUNG_UP;
            } else if (Errno.EAGAIN.is(-n)) {
                return NOTHING;
            } else {
                throw new ChannelException("cannot read from " + endpoint + ": " + Errno.describe(-n));
            }
        }
    }

    /** How many bytes the frame at {@code next} still lacks. */
    private int missingBytes() {
        while (end - next >= FrameLayout.HEADER_BYTES) {
            if (FrameLayout.isHeader(stream, next, crc)) {
                inStep = true;
                int frameBytes = FrameLayout.HEADER_BYTES + FrameLayout.payloadBytes(stream, next);
                return Math.max(0, frameBytes - (end - next));
            }
            if (inStep || positionOf(next) >= LONGEST_REST_BYTES) {
                throw damaged("what stands there");
            }
            next++;
        }
        return FrameLayout.HEADER_BYTES - (end - next);
    }

    private void makeRoom(int bytes) {
        if (end + bytes > stream.capacity()) {
            stream.put(0, stream, next, end - next);
            before += next;
            end -= next;
            next = 0;
        }
    }

    private ChannelCorruptException damaged(String what) {
        return new ChannelCorruptException(
                "at byte " + positionOf(next) + " of " + endpoint + ": " + what
                        + " is no message; a program that is no sender of this library wrote to it",
                positionOf(next));
    }
}
