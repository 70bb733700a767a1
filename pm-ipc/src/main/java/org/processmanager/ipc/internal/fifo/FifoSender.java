package org.processmanager.ipc.internal.fifo;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.stream.FrameWriter;
import org.processmanager.ipc.internal.stream.StreamSender;

/**
 * Sends messages to a FIFO or a pipe without a name. A write finds the reader gone by EPIPE (the JVM ignores SIGPIPE).
 *
 * <p>It has a FIFO open while it is connected: the kernel opens it only while a reader has it open. It keeps a pipe without a
 * name open while it waits for the next reader, which would otherwise find the channel closed.
 */
final class FifoSender extends StreamSender {
    private final PipePlace place;
    private final FifoWriter writer;

    private volatile @Nullable Fifo fifo;
    private volatile boolean connected;

    FifoSender(Endpoint endpoint, PipePlace place, int maxMessageBytes) {
        super(endpoint, maxMessageBytes);
        this.place = place;
        this.writer = new FifoWriter(endpoint, guard);
    }

    @Override
    protected FrameWriter writer() {
        return writer;
    }

    @Override
    protected boolean isConnected() {
        return connected;
    }

    @Override
    protected boolean isReceiverGone() {
        Fifo open = fifo;
        return open != null && open.isReaderGone();
    }

    @Override
    protected boolean isNameGone() {
        return !Objects.requireNonNull(fifo).isStillThere();
    }

    @Override
    protected boolean tryConnect() {
        Fifo kept = fifo;
        if (kept != null) {
            connected = !kept.isReaderGone();
            return connected;
        }
        Fifo found = Fifo.tryOpenForSending(place);
        if (found != null) {
            connect(found);
        }
        return found != null;
    }

    /** Uses an end as the connection, and closes it with it. */
    void connect(Fifo open) {
        fifo = open;
        writer.connect(open.fd());
        connected = true;
    }

    @Override
    protected void disconnect() {
        connected = false;
        if (place.isNamed()) {
            closeEnd();
        }
    }

    private void closeEnd() {
        Fifo open = fifo;
        if (open != null) {
            fifo = null;
            open.close();
        }
    }

    @Override
    public void release() {
        try {
            super.release();
        } finally {
            closeEnd();
            place.close();
        }
    }
}
