package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.Endpoint;

/**
 * Puts messages together that come in pieces, those of several senders at once. A sender that begins anew gives its
 * unfinished message up; pieces of a message whose beginning was never seen are passed over. What is held is bounded,
 * whatever the senders announce.
 */
final class Reassembly {
    private static final int MOST_UNFINISHED = 1024;

    private final Endpoint endpoint;
    private final long maxHeldBytes;
    private final List<Unfinished> unfinished = new ArrayList<>();
    private long heldBytes;

    Reassembly(Endpoint endpoint, int maxMessageBytes) {
        this.endpoint = endpoint;
        this.maxHeldBytes = 4L * maxMessageBytes;
    }

    /**
     * Takes a piece of a message that comes in more than one.
     *
     * @param position of the frame in the stream, for messages
     * @return the message that it completes, or null
     * @throws ChannelCorruptException if too much is unfinished
     */
    @Nullable
    Unfinished add(ByteBuffer stream, int at, long position) {
        Unfinished message = find(FrameLayout.sender(stream, at));
        if (FrameLayout.isBegin(stream, at)) {
            drop(message);
            message = begin(stream, at, position);
        } else if (message == null || !message.continuesWith(stream, at)) {
            drop(message);
            return null;
        }
        int payload = FrameLayout.payloadBytes(stream, at);
        hold(message.growthFor(payload), position);
        message.add(stream, at, payload);
        if (!message.isComplete()) {
            return null;
        }
        drop(message);
        return message;
    }

    /** Gives up what a sender has unfinished: it has begun another message. */
    void giveUp(long sender) {
        drop(find(sender));
    }

    /** Gives up all messages: nobody is left who could finish them. */
    void dropAll() {
        unfinished.clear();
        heldBytes = 0;
    }

    boolean isEmpty() {
        return unfinished.isEmpty();
    }

    /**
     * Gives up what a vanished sender left. Called whenever the pipe is empty: who was gone at the call before cannot have
     * anything in it any more.
     */
    void dropOrphans(LongPredicate isAlive) {
        for (int i = unfinished.size() - 1; i >= 0; i--) {
            Unfinished message = unfinished.get(i);
            if (message.orphaned) {
                drop(message);
            } else {
                message.orphaned = !isAlive.test(message.sender);
            }
        }
    }

    private Unfinished begin(ByteBuffer stream, int at, long position) {
        if (unfinished.size() >= MOST_UNFINISHED) {
            throw new ChannelCorruptException(
                    "unfinished messages of " + unfinished.size() + " senders at byte " + position + " of " + endpoint
                            + " (expected: fewer)",
                    position);
        }
        Unfinished message = new Unfinished(
                FrameLayout.sender(stream, at), FrameLayout.sequence(stream, at), FrameLayout.messageBytes(stream, at));
        unfinished.add(message);
        hold(message.roomBytes(), position);
        return message;
    }

    private void hold(int bytes, long position) {
        if (heldBytes + bytes > maxHeldBytes) {
            throw new ChannelCorruptException(
                    "unfinished messages of " + unfinished.size() + " senders need " + (heldBytes + bytes)
                            + " bytes at byte " + position + " of " + endpoint + " (expected: at most " + maxHeldBytes
                            + ", four times the option max)",
                    position);
        }
        heldBytes += bytes;
    }

    private void drop(@Nullable Unfinished message) {
        if (message != null && unfinished.remove(message)) {
            heldBytes -= message.roomBytes();
        }
    }

    private @Nullable Unfinished find(long sender) {
        for (int i = 0; i < unfinished.size(); i++) {
            if (unfinished.get(i).sender == sender) {
                return unfinished.get(i);
            }
        }
        return null;
    }
}
