package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelResourcesException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.SendStatus;
import org.processmanager.ipc.internal.HandleGuard;
import org.processmanager.ipc.internal.stream.FrameLayout;
import org.processmanager.ipc.internal.stream.FrameWriter;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Writes messages into one connection, one frame, or those of a batch, per write. The kernel accepts a write of up to 32 KiB to a Unix socket as a
 * whole or not at all.
 *
 * <p>A send that gives up within a message leaves its beginning, which the receiver discards when the next message begins.
 */
final class UnixWriter extends FrameWriter {
    private final HandleGuard guard;

    private volatile @Nullable SocketChannel channel;

    /** The receiver has refused this connection. */
    private volatile boolean refused;

    private volatile @Nullable Selector selector;

    UnixWriter(Endpoint endpoint, HandleGuard guard) {
        super(endpoint);
        this.guard = guard;
    }

    /** Starts a connection, with an id of its own whose lower half is the process id. */
    void connect(SocketChannel connected) {
        channel = connected;
        refused = false;
        long random = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        setId(random << Integer.SIZE | ProcessHandle.current().pid());
    }

    /** Returns the process id that a sender has put into its id; 0 if there is none. */
    static long pidOf(long sender) {
        return sender >>> Integer.SIZE == 0 ? 0 : sender & 0xffff_ffffL;
    }

    /** Ends the connection. */
    void disconnect() {
        UnixListener.closeQuietly(channel);
        channel = null;
        UnixListener.closeQuietly(selector);
        selector = null;
    }

    /** Ends the wait of another thread. */
    void wake() {
        Selector waiting = selector;
        if (waiting != null) {
            waiting.wakeup();
        }
    }

    @Override
    protected @Nullable SendStatus writeFrames(ByteBuffer message, int frames, Deadline deadline)
            throws InterruptedException {
        if (deadline == Deadline.AT_ONCE) {
            checkFits(message.remaining());
        }
        SendStatus status = SendStatus.SENT;
        for (int i = 0; i < frames && status == SendStatus.SENT; i++) {
            status = writeFrame(message, i * FrameLayout.MAX_PAYLOAD_BYTES, deadline);
        }
        return status;
    }

    /** Rejects an offer that even an empty socket might not accept. */
    private void checkFits(int length) {
        int certain;
        try {
            certain = Objects.requireNonNull(channel).getOption(StandardSocketOptions.SO_SNDBUF);
        } catch (IOException e) {
            return; // the write reports it
        }
        if (length > certain) {
            throw new IllegalArgumentException("message: " + length + " bytes (expected: at most " + certain
                    + " for an offer to " + endpoint + ", all that its socket is certain to hold; send it)");
        }
    }

    @Override
    protected SendStatus tryWrite(int bytes) {
        int written;
        try {
            written = Objects.requireNonNull(channel).write(frames.limit(bytes).position(0));
        } catch (IOException e) {
            return SendStatus.NOT_CONNECTED; // closed or reset
        } finally {
            frames.clear();
        }
        if (written == 0) {
            return SendStatus.FULL;
        }
        if (written != bytes) {
            throw new ChannelException("cannot send to " + endpoint + ": the system accepted " + written + " of "
                    + bytes + " bytes; close the sender and open it again");
        }
        CrashPoint.reach("unix.frame.written");
        return SendStatus.SENT;
    }

    /** Returns whether the receiver has refused this connection. */
    boolean isRefused() {
        readAnswer(channel);
        return refused;
    }

    /** Returns whether the receiver has closed or refused this connection. Called by any thread. */
    boolean isReceiverGone() {
        return readAnswer(channel) || refused;
    }

    /** Reads what the receiver has sent, which it does only to refuse; returns whether it has closed the connection. */
    private boolean readAnswer(@Nullable SocketChannel connected) {
        ByteBuffer answer = ByteBuffer.allocate(1);
        try {
            int n = connected == null ? 0 : connected.read(answer);
            if (n == 1 && answer.get(0) == UnixClient.REFUSED) {
                refused = true;
            }
            return n < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    protected SendStatus probe() {
        try {
            if (selector().selectNow(key -> {}) == 0) {
                return SendStatus.FULL;
            }
            return isReceiverGone() ? SendStatus.NOT_CONNECTED : SendStatus.SENT;
        } catch (IOException e) {
            throw cannotWait(e);
        }
    }

    @Override
    protected void awaitWritable(Deadline deadline) throws InterruptedException {
        try {
            SelectorWait.await(selector(), key -> {}, deadline, guard);
        } catch (IOException e) {
            throw cannotWait(e);
        }
    }

    private Selector selector() throws IOException {
        Selector waiting = selector;
        if (waiting == null) {
            waiting = Selector.open();
            selector = waiting;
            Objects.requireNonNull(channel).register(waiting, SelectionKey.OP_WRITE);
        }
        return waiting;
    }

    private ChannelResourcesException cannotWait(IOException e) {
        return SocketFile.exhaustion("cannot wait for room in " + endpoint, e);
    }
}
