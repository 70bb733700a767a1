package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.internal.AbstractReceiver;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Reads messages from a FIFO. A message in a single frame is delivered where it was read, without a copy; one in several
 * frames is reassembled first. After damage it refuses to continue, because the start of the next message is unknown.
 */
final class FifoReceiver extends AbstractReceiver implements Reassembly.Pipe {
    private static final int SMALLEST_PIPE_BYTES = Files.PIPE_BUF;
    private static final long TO_THE_END = 0;

    private final Fifo fifo;
    private final int maxMessageBytes;
    private final FrameReader frames;
    private final ByteBuffer inPlace;
    private final Reassembly reassembly;
    private final ProbeInterval probes = new ProbeInterval();
    private @Nullable ChannelCorruptException damage;
    /** A writing end of this receiver, so that the kernel never reports all senders gone. */
    private @Nullable Fifo keeper;

    /** The name was found to be of another file, or of none. */
    private boolean nameGone;

    /** The buffer of the next message; null if none was found yet. */
    private @Nullable ByteBuffer message;

    private int offset;
    private int length;

    private volatile long messages;

    /**
     * Opens the receiving end.
     *
     * @param pipeBytes the size to request from the kernel, or 0 for its default
     */
    static FifoReceiver open(
            Endpoint endpoint, Path path, OpenMode mode, Delivery delivery, int maxMessageBytes, int pipeBytes) {
        Fifo fifo = Fifo.openForReceiving(path, mode);
        boolean done = false;
        try {
            growPipe(fifo.fd(), pipeBytes);
            FifoReceiver receiver = new FifoReceiver(endpoint, fifo, delivery, maxMessageBytes);
            if (receiver.waitsForSenders) {
                receiver.keepOpen(path);
            }
            done = true;
            return receiver;
        } finally {
            if (!done) {
                fifo.close();
            }
        }
    }

    private FifoReceiver(Endpoint endpoint, Fifo fifo, Delivery delivery, int maxMessageBytes) {
        super(endpoint, delivery);
        this.fifo = fifo;
        this.maxMessageBytes = maxMessageBytes;
        this.frames = new FrameReader(endpoint, fifo.fd());
        this.inPlace = frames.stream().asReadOnlyBuffer();
        this.reassembly = new Reassembly(endpoint, this, maxMessageBytes, Files.pipeSize(fifo.fd()));
    }

    /** Takes the largest size that the kernel grants, which depends on the privileges and the pipes of this user. */
    private static void growPipe(int fd, int bytes) {
        int wanted = bytes;
        while (wanted >= SMALLEST_PIPE_BYTES && Files.growPipe(fd, wanted) < wanted && wanted > Files.pipeSize(fd)) {
            wanted /= 2;
        }
    }

    private void keepOpen(Path path) {
        Fifo writer = Fifo.tryOpenForSending(path);
        if (writer != null && !writer.isSameAs(fifo)) {
            writer.close(); // the name is gone already, which closes the channel
            writer = null;
        }
        keeper = writer;
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
                    probes.restart();
                    if (completes(frame)) {
                        return frame;
                    }
                } else if (frame == FrameReader.HUNG_UP) {
                    reassembly.discardAll();
                    return frame;
                } else {
                    reassembly.discardAbandoned(frames.endPosition());
                    // No sender will open a FIFO without a name, and those that have it open look for the next one.
                    return isNameGone() ? FrameReader.HUNG_UP : frame;
                }
            }
        } catch (ChannelCorruptException e) {
            damage = e;
            reassembly.discardAll();
            throw e;
        }
    }

    private boolean isNameGone() {
        if (probes.isDue()) {
            nameGone = !fifo.isStillThere();
        }
        return nameGone;
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
    public long endPosition() {
        return frames.endPosition() + Files.readable(fifo.fd());
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
        Fifo writer = keeper;
        if (writer != null) {
            writer.close();
        }
        fifo.close();
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        long backlog = (long) Files.readable(fifo.fd()) + frames.bufferedBytes();
        boolean connected;
        try {
            connected = OfdLocks.isLocked(fifo.fd(), Fifo.FIRST_ID, TO_THE_END);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot find the senders of " + endpoint, e);
        }
        return new ChannelSnapshot(endpoint, connected, List.of(), messages, backlog, Files.pipeSize(fifo.fd()));
    }
}
