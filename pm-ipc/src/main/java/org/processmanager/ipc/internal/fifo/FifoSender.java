package org.processmanager.ipc.internal.fifo;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.stream.FrameWriter;
import org.processmanager.ipc.internal.stream.StreamSender;

/**
 * Sends messages to a FIFO. It is connected while it has the FIFO open for writing, which the kernel grants only while a reader
 * has it open. A write finds the reader gone by EPIPE (the JVM ignores SIGPIPE).
 */
final class FifoSender extends StreamSender {
    private final Path path;
    private final FifoWriter writer;

    private volatile @Nullable Fifo fifo;

    FifoSender(Endpoint endpoint, Path path, int maxMessageBytes) {
        super(endpoint, maxMessageBytes);
        this.path = path;
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
        return open != null && (Poll.awaitOne(open.fd(), Poll.OUT, 0) & Poll.ERR) != 0;
    }

    @Override
    protected boolean isNameGone() {
        return !Objects.requireNonNull(fifo).isStillThere();
    }

    @Override
    protected boolean tryConnect() {
        Fifo found = Fifo.tryOpenForSending(path);
        if (found == null) {
            return false;
        }
        fifo = found;
        writer.connect(found.fd());
        return true;
    }

    @Override
    protected void disconnect() {
        Fifo open = fifo;
        if (open != null) {
            fifo = null;
            open.close();
        }
    }
}
