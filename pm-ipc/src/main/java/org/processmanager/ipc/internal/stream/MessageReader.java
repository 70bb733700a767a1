package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.ChannelCorruptException;

/**
 * Finds the messages in a stream of bytes. A message in a single frame stays where it was read, without a copy; one in several
 * frames is reassembled first. After damage it refuses to continue, because the start of the next message is unknown.
 */
public final class MessageReader {
    private final String subject;
    private final FrameReader frames;
    private final ByteBuffer inPlace;
    private final Reassembly reassembly;
    private final int maxMessageBytes;
    private @Nullable ChannelCorruptException damage;

    private ByteBuffer content;
    private int offset;
    private int length;
    private long sender;

    /**
     * Creates a reader.
     *
     * @param subject the stream, for messages
     * @param maxMessageBytes the longest message that is accepted
     */
    public MessageReader(String subject, FrameReader frames, Reassembly reassembly, int maxMessageBytes) {
        this.subject = subject;
        this.frames = frames;
        this.inPlace = frames.stream().asReadOnlyBuffer();
        this.content = inPlace;
        this.reassembly = reassembly;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Reads until there is a message; returns 0 or more if there is one, else {@link ByteSource#EMPTY},
     * {@link ByteSource#HUNG_UP} or {@link ByteSource#NO_SENDER_YET}. A message is valid until the next call.
     *
     * @throws ChannelCorruptException if the stream is damaged, at this call and all later ones
     */
    public int next() {
        if (damage != null) {
            throw new ChannelCorruptException(Objects.requireNonNull(damage.getMessage()), damage.position());
        }
        try {
            int frame;
            do {
                frame = frames.nextFrame();
            } while (frame >= 0 && !completes(frame));
            if (frame == ByteSource.HUNG_UP) {
                reassembly.discardAll();
            } else if (frame < 0) {
                reassembly.discardAbandoned(frames.endPosition());
            }
            return frame;
        } catch (ChannelCorruptException e) {
            damage = e;
            reassembly.discardAll();
            throw e;
        }
    }

    /** Returns the read-only buffer with the message, in big-endian order, position and limit cleared. */
    public ByteBuffer content() {
        return content.clear().order(ByteOrder.BIG_ENDIAN);
    }

    /** Returns the index of the first byte of the message. */
    public int offset() {
        return offset;
    }

    /** Returns the length of the message. */
    public int length() {
        return length;
    }

    /** Returns the id of the sender of the last frame; 0 if there was none. */
    public long sender() {
        return sender;
    }

    /** Returns how many bytes were read. */
    public long endPosition() {
        return frames.endPosition();
    }

    /** Returns the number of bytes that were read and not yet returned. */
    public int bufferedBytes() {
        return frames.bufferedBytes();
    }

    /** Returns whether a frame completes a message, and makes that the next message. */
    private boolean completes(int frame) {
        ByteBuffer stream = frames.stream();
        int bytes = FrameLayout.messageBytes(stream, frame);
        if (bytes > maxMessageBytes) {
            long position = frames.positionOf(frame);
            throw new ChannelCorruptException(
                    "message of " + bytes + " bytes at byte " + position + " of " + subject + " (expected: at most "
                            + maxMessageBytes + "; both ends set it by the option max)",
                    position);
        }
        sender = FrameLayout.sender(stream, frame);
        if (bytes == FrameLayout.payloadBytes(stream, frame)) {
            reassembly.discard(sender);
            setMessage(inPlace, frame + FrameLayout.HEADER_BYTES, bytes);
            return true;
        }
        PartialMessage complete = reassembly.add(stream, frame, frames.positionOf(frame));
        if (complete != null) {
            setMessage(complete.content(), 0, bytes);
        }
        return complete != null;
    }

    private void setMessage(ByteBuffer buffer, int at, int bytes) {
        content = buffer;
        offset = at;
        length = bytes;
    }
}
