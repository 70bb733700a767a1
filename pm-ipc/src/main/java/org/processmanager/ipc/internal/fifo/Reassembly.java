package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Endpoint;

/**
 * Reassembles fragmented messages of several senders at once. When a sender starts a new message, its partial message is
 * discarded; fragments of a message whose first fragment was not seen are skipped. Memory is bounded, whatever the senders
 * announce.
 */
final class Reassembly {
    /** Returns whether the sender of an id is alive. */
    interface Liveness {
        boolean isAlive(long sender);
    }

    private static final int MAX_PARTIAL_MESSAGES = 1024;

    private final Endpoint endpoint;
    private final long maxBytes;
    private final List<PartialMessage> messages = new ArrayList<>();
    private long bytes;

    Reassembly(Endpoint endpoint, int maxMessageBytes) {
        this.endpoint = endpoint;
        this.maxBytes = 4L * maxMessageBytes;
    }

    /**
     * Adds a fragment of a message that has more than one.
     *
     * @param position of the frame in the bytes of the pipe, for messages
     * @return the message that it completes, or null
     * @throws ChannelCorruptException if the partial messages exceed a bound
     */
    @Nullable
    PartialMessage add(ByteBuffer stream, int at, long position) {
        PartialMessage message = find(FrameLayout.sender(stream, at));
        if (FrameLayout.isBegin(stream, at)) {
            discard(message);
            message = begin(stream, at, position);
        } else if (message == null || !message.continuesWith(stream, at)) {
            discard(message);
            return null;
        }
        int payload = FrameLayout.payloadBytes(stream, at);
        reserve(message.growthFor(payload), position);
        message.add(stream, at, payload);
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

    /**
     * Discards the partial messages of senders that are gone. Called whenever the pipe is empty: nothing can follow from a
     * sender that was gone at the previous call.
     */
    void discardOrphans(Liveness senders) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            PartialMessage message = messages.get(i);
            if (message.orphaned) {
                discard(message);
            } else {
                message.orphaned = !senders.isAlive(message.sender);
            }
        }
    }

    private PartialMessage begin(ByteBuffer stream, int at, long position) {
        if (messages.size() >= MAX_PARTIAL_MESSAGES) {
            throw new ChannelCorruptException(
                    "partial messages of " + messages.size() + " senders at byte " + position + " of " + endpoint
                            + " (expected: fewer)",
                    position);
        }
        PartialMessage message = new PartialMessage(
                FrameLayout.sender(stream, at), FrameLayout.sequence(stream, at), FrameLayout.messageBytes(stream, at));
        messages.add(message);
        reserve(message.arrayBytes(), position);
        return message;
    }

    private void reserve(int more, long position) {
        if (bytes + more > maxBytes) {
            throw new ChannelCorruptException(
                    "partial messages of " + messages.size() + " senders need " + (bytes + more) + " bytes at byte "
                            + position + " of " + endpoint + " (expected: at most " + maxBytes
                            + ", four times the option max)",
                    position);
        }
        bytes += more;
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
