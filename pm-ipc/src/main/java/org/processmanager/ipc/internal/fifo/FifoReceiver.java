package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Reads messages from a FIFO. A message in a single frame is delivered where it was read, without a copy; one in several
 * frames is reassembled first. After damage it refuses to continue, because the start of the next message is unknown.
 */
final class FifoReceiver extends AbstractReceiver implements Reassembly.Liveness {
    private final Fifo fifo;
    private final int maxMessageBytes;
    private final FrameReader frames;
    private final ByteBuffer inPlace;
    private final Reassembly reassembly;
    private @Nullable ChannelCorruptException damage;

    /** The buffer of the next message; null if none was found yet. */
    private @Nullable ByteBuffer message;

    private int offset;
    private int length;

    private volatile boolean connected;
    private volatile long messages;

    FifoReceiver(Endpoint endpoint, Fifo fifo, Delivery delivery, int maxMessageBytes, int pipeBytes) {
        super(endpoint, delivery);
        this.fifo = fifo;
        this.maxMessageBytes = maxMessageBytes;
        this.frames = new FrameReader(endpoint, fifo.fd());
        this.inPlace = frames.stream().asReadOnlyBuffer();
        this.reassembly = new Reassembly(endpoint, maxMessageBytes);
        if (pipeBytes > 0) {
            Files.growPipe(fifo.fd(), pipeBytes);
        }
    }

    @Override
    protected int take(MessageHandler handler, int limit, Delivery when) {
        for (int taken = 0; taken < limit; taken++) {
            if (message == null) {
                int found = findMessage();
                if (found < 0) {
                    return taken == 0 && found == FrameReader.HUNG_UP ? CLOSED : taken;
                }
            }
            ByteBuffer buffer = Objects.requireNonNull(message);
            buffer.clear().order(ByteOrder.BIG_ENDIAN);
            if (when == Delivery.AT_MOST_ONCE) {
                consume();
            }
            handler.onMessage(buffer, offset, length);
            if (when == Delivery.AT_LEAST_ONCE) {
                consume();
            }
        }
        return limit;
    }

    private void consume() {
        message = null;
        messages++;
    }

    /** Reads until there is a message; returns the last result of {@link FrameReader#nextFrame}. */
    private int findMessage() {
        if (damage != null) {
            throw new ChannelCorruptException(Objects.requireNonNull(damage.getMessage()), damage.position());
        }
        try {
            while (true) {
                int frame = frames.nextFrame();
                if (frame >= 0) {
                    connected = true;
                    if (completes(frame)) {
                        return frame;
                    }
                } else if (frame == FrameReader.EMPTY) {
                    reassembly.discardOrphans(this);
                    return frame;
                } else if (frame == FrameReader.HUNG_UP || !fifo.isStillThere()) {
                    reassembly.discardAll();
                    connected = false;
                    return FrameReader.HUNG_UP; // a sender will never open a FIFO that was deleted
                } else {
                    return frame;
                }
            }
        } catch (ChannelCorruptException e) {
            damage = e;
            reassembly.discardAll();
            throw e;
        }
    }

    /** Returns whether a frame completes a message, and makes that the next message. */
    private boolean completes(int frame) {
        ByteBuffer stream = frames.stream();
        int bytes = FrameLayout.messageBytes(stream, frame);
        if (bytes > maxMessageBytes) {
            long position = frames.positionOf(frame);
            throw new ChannelCorruptException(
                    "message of " + bytes + " bytes at byte " + position + " of " + endpoint + " (expected: at most "
                            + maxMessageBytes + "; both ends set it by the option max)",
                    position);
        }
        if (bytes == FrameLayout.payloadBytes(stream, frame)) {
            reassembly.discard(FrameLayout.sender(stream, frame));
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
        message = buffer;
        offset = at;
        length = bytes;
    }

    @Override
    public boolean isAlive(long sender) {
        return OfdLocks.isLocked(fifo.fd(), sender, 1);
    }

    @Override
    protected void await(Deadline deadline) throws InterruptedException {
        PipeWait.await(fifo.fd(), Poll.IN, deadline, guard);
    }

    @Override
    public void wake() {
        // the slices of a wait end soon
    }

    @Override
    public void release() {
        if (fifo.created()) {
            fifo.remove();
        }
        fifo.close();
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        long backlog = (long) Files.readable(fifo.fd()) + frames.bufferedBytes();
        return new ChannelSnapshot(endpoint, connected, List.of(), messages, backlog, Files.pipeSize(fifo.fd()));
    }
}
