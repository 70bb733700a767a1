package org.processmanager.ipc.internal.fifo;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.stream.FrameWriter;
import org.processmanager.ipc.internal.stream.StreamSender;

/**
 * Sends messages to a FIFO or a pipe without a name. It is connected while it has it open for writing, which the kernel grants
 * only while a reader has it open. A write finds the reader gone by EPIPE (the JVM ignores SIGPIPE).
 */
final class FifoSender extends StreamSender {
    private final PipePlace place;
    private final FifoWriter writer;

    private volatile @Nullable Fifo fifo;

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
        return fifo != null;
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
    }

    @Override
    protected void disconnect() {
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
            place.close();
        }
    }
}
