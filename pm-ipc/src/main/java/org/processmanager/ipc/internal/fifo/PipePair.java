package org.processmanager.ipc.internal.fifo;

import java.lang.ref.Cleaner;
import java.util.Objects;
import org.processmanager.core.Inheritable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.util.Cleaners;
import org.processmanager.ipc.ChannelPair;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.internal.SystemFailure;

/**
 * A pipe without a name. It holds the two descriptors of the pipe as placeholders until the end of each is opened for the first
 * time, and a reference through which ends are opened.
 */
final class PipePair implements ChannelPair {
    private final Endpoint endpoint;
    private final PipePlace place;
    private final Placeholders placeholders;
    private final Cleaner.Cleanable cleanable;
    private boolean closed; // guarded by this

    static PipePair create(Endpoint endpoint) {
        int[] fds;
        try {
            fds = Files.pipe(false);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot create " + endpoint, e);
        }
        Placeholders placeholders = new Placeholders(fds[0], fds[1]);
        boolean done = false;
        try {
            FifoReceiver.growPipe(fds[0], FifoTransport.pipeBytes(endpoint));
            PipePair pair = new PipePair(endpoint, PipePlace.of(endpoint.toString(), fds[0]), placeholders);
            done = true;
            return pair;
        } finally {
            if (!done) {
                placeholders.run();
            }
        }
    }

    private PipePair(Endpoint endpoint, PipePlace place, Placeholders placeholders) {
        this.endpoint = endpoint;
        this.place = place;
        this.placeholders = placeholders;
        this.cleanable = Cleaners.register(this, placeholders);
    }

    @Override
    public synchronized MessageSender sender() {
        checkOpen();
        MessageSender sender = PipeTransport.openSender(endpoint, place.duplicate());
        placeholders.closeWriter();
        return sender;
    }

    @Override
    public synchronized MessageReceiver receiver(Delivery delivery) {
        Objects.requireNonNull(delivery, "delivery");
        checkOpen();
        MessageReceiver receiver = PipeTransport.openReceiver(endpoint, place.duplicate(), delivery);
        placeholders.closeReader();
        return receiver;
    }

    @Override
    public Inheritable senderForChild() {
        return new End(this, true);
    }

    @Override
    public Inheritable receiverForChild() {
        return new End(this, false);
    }

    private synchronized int openForChild(boolean sender) {
        checkOpen();
        int fd = place.tryOpen(sender ? Files.O_WRONLY : Files.O_RDONLY);
        if (fd < 0) {
            PosixException e = new PosixException("open", place.path(), -fd);
            String message = "cannot pass an end of " + endpoint + " to a child: " + e.getMessage();
            throw e.isPassing() ? new ResourcesExhaustedException(message, e) : new ProcessManagerException(message, e);
        }
        if (sender) {
            placeholders.closeWriter();
        } else {
            placeholders.closeReader();
        }
        return fd;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the pair of " + endpoint + " is closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        cleanable.clean();
        place.close();
    }

    /** An end for children. */
    private record End(PipePair pair, boolean sender) implements Inheritable {
        @Override
        public int openForChild() {
            return pair.openForChild(sender);
        }

        @Override
        public String toString() {
            return (sender ? "the sending end of " : "the receiving end of ") + pair.endpoint;
        }
    }

    /** The descriptors of the ends that are neither opened nor passed. */
    private static final class Placeholders implements Runnable {
        private static final int NONE = -1;

        private int reader;
        private int writer;

        Placeholders(int reader, int writer) {
            this.reader = reader;
            this.writer = writer;
        }

        synchronized void closeReader() {
            close(reader);
            reader = NONE;
        }

        synchronized void closeWriter() {
            close(writer);
            writer = NONE;
        }

        private static void close(int fd) {
            if (fd != NONE) {
                Files.close(fd);
            }
        }

        @Override
        public synchronized void run() {
            closeReader();
            closeWriter();
        }
    }
}
