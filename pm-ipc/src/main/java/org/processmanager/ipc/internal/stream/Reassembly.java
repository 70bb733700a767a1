package org.processmanager.ipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.ChannelCorruptException;

/**
 * Reassembles fragmented messages of several senders at once. When a sender starts a new message, its partial message is
 * discarded; fragments of a message whose first fragment was not seen are skipped.
 *
 * <p>Memory is bounded, whatever the senders announce. Senders that keep the rules never reach the bounds: few are within a
 * message at any point of the stream, beside those that died or gave up, whose messages are discarded when the rest of the
 * stream was read.
 */
public final class Reassembly {
    /** The stream that the fragments come from. */
    public interface Stream {
        /** Returns whether the sender of an id is alive and has not given the id up. */
        boolean isAlive(long sender);

        /** Returns the position behind the last byte that was written so far. */
        long endPosition();
    }

    /**
     * What the partial messages may take.
     *
     * @param sendersAtOnce how many senders may be within a message at any point of the stream
     * @param messages the maximum number of partial messages, those that are abandoned included
     * @param bytes the maximum size of their arrays
     */
    public record Bounds(int sendersAtOnce, int messages, long bytes) {}

    private final String subject;
    private final Stream from;
    private final Bounds bounds;
    private final List<PartialMessage> messages = new ArrayList<>();
    private long bytes;

    /**
     * Creates a reassembly without messages.
     *
     * @param subject the stream, for messages
     */
    public Reassembly(String subject, Stream stream, Bounds bounds) {
        this.subject = subject;
        this.from = stream;
        this.bounds = bounds;
    }

    /**
     * Adds a fragment of a message that has more than one.
     *
     * @param position of the frame in the stream
     * @return the message that it completes, or null
     * @throws ChannelCorruptException if the partial messages exceed a bound
     */
    @Nullable
    PartialMessage add(ByteBuffer stream, int at, long position) {
        boolean begins = FrameLayout.isBegin(stream, at);
        if (messages.size() > bounds.sendersAtOnce() || begins && messages.size() == bounds.sendersAtOnce()) {
            discardAbandoned(position, begins);
        }
        PartialMessage message = find(FrameLayout.sender(stream, at));
        if (begins) {
            discard(message);
            message = begin(stream, at, position);
        } else if (message == null || !message.continuesWith(stream, at)) {
            discard(message);
            return null;
        }
        append(message, stream, at, position);
        if (!message.isComplete()) {
            return null;
        }
        discard(message);
        return message;
    }

    /** Discards the partial message of a sender, which has started another one. */
    void discard(long sender) {
        discard(find(sender));
    }

    /** Discards all partial messages: no sender is left that could complete them. */
    void discardAll() {
        messages.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Discards the partial messages of senders that are gone. Called when the stream is empty, at its position. */
    void discardAbandoned(long position) {
        discardAbandoned(position, true);
    }

    /** Returns the bytes of all arrays. */
    long bytes() {
        return bytes;
    }

    private void discardAbandoned(long position, boolean ask) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            PartialMessage message = messages.get(i);
            if (ask && !message.isAbandoned() && !from.isAlive(message.sender)) {
                message.abandonedAt = from.endPosition();
            }
            if (message.isAbandoned() && message.abandonedAt <= position) {
                discard(message);
            }
        }
    }

    private PartialMessage begin(ByteBuffer stream, int at, long position) {
        if (messages.size() >= bounds.messages()) {
            throw new ChannelCorruptException(
                    "partial messages of " + (messages.size() + 1) + " senders at byte " + position + " of " + subject
                            + " (expected: at most " + bounds.messages() + ")",
                    position);
        }
        PartialMessage message = new PartialMessage(
                FrameLayout.sender(stream, at), FrameLayout.sequence(stream, at), FrameLayout.messageBytes(stream, at));
        messages.add(message);
        bytes += message.arrayBytes();
        return message;
    }

    /** Counts what was allocated: without memory for the array, the message stays as it was. */
    private void append(PartialMessage message, ByteBuffer stream, int at, long position) {
        int payload = FrameLayout.payloadBytes(stream, at);
        long needed = bytes + message.growthFor(payload);
        if (needed > bounds.bytes()) {
            throw new ChannelCorruptException(
                    "partial messages of " + messages.size() + " senders need " + needed + " bytes at byte " + position
                            + " of " + subject + " (expected: at most " + bounds.bytes() + ")",
                    position);
        }
        bytes -= message.arrayBytes();
        try {
            message.add(stream, at, payload);
        } finally {
            bytes += message.arrayBytes();
        }
    }

    private void discard(@Nullable PartialMessage message) {
        if (message != null && messages.remove(message)) {
            bytes -= message.arrayBytes();
        }
    }

    private @Nullable PartialMessage find(long sender) {
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).sender == sender) {
                return messages.get(i);
            }
        }
        return null;
    }
}
