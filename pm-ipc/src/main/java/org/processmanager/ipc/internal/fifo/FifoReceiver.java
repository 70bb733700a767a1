package org.processmanager.ipc.internal.fifo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.stream.ByteSource;
import org.processmanager.ipc.internal.stream.FrameLayout;
import org.processmanager.ipc.internal.stream.FrameReader;
import org.processmanager.ipc.internal.stream.MessageReader;
import org.processmanager.ipc.internal.stream.Reassembly;
import org.processmanager.ipc.internal.stream.StreamReceiver;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.park.Deadline;

/** Reads messages from a FIFO or a pipe without a name. */
final class FifoReceiver extends StreamReceiver implements Reassembly.Stream {
    private static final int MAX_PARTIAL_MESSAGES = 1024;
    private static final int SMALLEST_PIPE_BYTES = Files.PIPE_BUF;
    private static final long TO_THE_END = 0;

    private final PipePlace place;
    private final Fifo fifo;
    private final FrameReader frames;
    private final MessageReader reader;
    private final ProbeInterval probes = new ProbeInterval();
    /** A writing end of this receiver, so that the kernel never reports all senders gone. */
    private @Nullable Fifo keeper;

    /** The name was found to be of another file, or of none. */
    private boolean nameGone;

    /** The last search for a message has found the channel closed. */
    private boolean ended;

    /**
     * Opens the receiving end.
     *
     * @param place where it is, which the receiver closes
     * @param pipeBytes the size to request from the kernel, or 0 for its default
     */
    static FifoReceiver open(
            Endpoint endpoint, PipePlace place, OpenMode mode, Delivery delivery, int maxMessageBytes, int pipeBytes) {
        Fifo fifo = null;
        boolean done = false;
        try {
            fifo = Fifo.openForReceiving(place, mode);
            growPipe(fifo.fd(), pipeBytes);
            FifoReceiver receiver = new FifoReceiver(endpoint, place, fifo, delivery, maxMessageBytes);
            if (receiver.waitsForSenders) {
                receiver.keepOpen();
            }
            done = true;
            return receiver;
        } finally {
            if (!done) {
                if (fifo != null) {
                    fifo.close();
                }
                place.close();
            }
        }
    }

    private FifoReceiver(Endpoint endpoint, PipePlace place, Fifo fifo, Delivery delivery, int maxMessageBytes) {
        super(endpoint, delivery);
        this.place = place;
        this.fifo = fifo;
        String subject = endpoint.toString();
        this.frames = new FrameReader(subject, new PipeSource(subject, fifo.fd()));
        Reassembly reassembly = new Reassembly(subject, this, bounds(maxMessageBytes, Files.pipeSize(fifo.fd())));
        this.reader = new MessageReader(subject, frames, reassembly, maxMessageBytes);
    }

    private static Reassembly.Bounds bounds(int maxMessageBytes, int pipeBytes) {
        // Of those that gave up, what the pipe holds may still be read; arrays are at most twice as large as their
        // content.
        return new Reassembly.Bounds(
                SendingTurn.COUNT,
                MAX_PARTIAL_MESSAGES + pipeBytes / FrameLayout.MAX_FRAME_BYTES,
                (long) SendingTurn.COUNT * maxMessageBytes + 4L * pipeBytes);
    }

    /** Takes the largest size that the kernel grants, which depends on the privileges and the pipes of this user. */
    static void growPipe(int fd, int bytes) {
        int wanted = bytes;
        while (wanted >= SMALLEST_PIPE_BYTES && Files.growPipe(fd, wanted) < wanted && wanted > Files.pipeSize(fd)) {
            wanted /= 2;
        }
    }

    private void keepOpen() {
        Fifo writer = Fifo.tryOpenForSending(place);
        if (writer != null && !writer.isSameAs(fifo)) {
            writer.close(); // the name is gone already, which closes the channel
            writer = null;
        }
        keeper = writer;
    }

    @Override
    protected @Nullable MessageReader findMessage() {
        int found = reader.next();
        if (found >= 0) {
            probes.restart();
            return reader;
        }
        // No sender will open a FIFO without a name, and those that have it open look for the next one.
        ended = found == ByteSource.HUNG_UP || isNameGone();
        return null;
    }

    @Override
    protected boolean isEnded() {
        return ended;
    }

    private boolean isNameGone() {
        if (probes.isDue()) {
            nameGone = !fifo.isStillThere();
        }
        return nameGone;
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
        place.close();
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        long backlog = (long) Files.readable(fifo.fd()) + reader.bufferedBytes();
        boolean connected;
        try {
            connected = OfdLocks.isLocked(fifo.fd(), Fifo.FIRST_ID, TO_THE_END);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot find the senders of " + endpoint, e);
        }
        return new ChannelSnapshot(endpoint, connected, List.of(), messages(), backlog, Files.pipeSize(fifo.fd()));
    }
}
