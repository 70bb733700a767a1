package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.ipc.ChannelSnapshot.Peer;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.internal.stream.ByteSource;
import org.processmanager.ipc.internal.stream.FrameReader;
import org.processmanager.ipc.internal.stream.MessageReader;
import org.processmanager.ipc.internal.stream.Reassembly;

/**
 * A connection that a receiver has accepted. It has one sender, so that at most one of its messages is incomplete. At each turn
 * it reads once, so that no client keeps the others waiting. A client above the limit has one turn, in which what it has sent
 * so far is read, and is disconnected.
 */
final class UnixClient implements ByteSource, Reassembly.Stream {
    /** The byte that a client is sent before it is disconnected because there are too many. */
    static final byte REFUSED = 'F';

    /** More than a socket buffers by default. */
    private static final int READS_OF_REFUSED = 8;

    private final SocketChannel channel;
    private final MessageReader reader;
    private final boolean refused;
    /** How many reads are left of this turn. */
    private int reads;

    /**
     * Creates a client.
     *
     * @param subject the connection, for messages
     * @param refused whether it is to be closed once its first messages are read
     */
    UnixClient(String subject, SocketChannel channel, boolean refused, int maxMessageBytes) {
        this.channel = channel;
        this.refused = refused;
        Reassembly reassembly = new Reassembly(subject, this, new Reassembly.Bounds(1, 1, maxMessageBytes));
        this.reader = new MessageReader(subject, FrameReader.fromStart(subject, this), reassembly, maxMessageBytes);
    }

    MessageReader reader() {
        return reader;
    }

    boolean isRefused() {
        return refused;
    }

    void startTurn() {
        reads = refused ? READS_OF_REFUSED : 1;
    }

    /** Tells the client that it is refused, unless it has closed the connection. */
    void sendRefusal() {
        try {
            channel.write(ByteBuffer.wrap(new byte[] {REFUSED}));
        } catch (IOException e) {
            // what it has sent is received all the same
        }
    }

    @Override
    public int read(ByteBuffer into, int at, int length) {
        if (reads == 0) {
            return EMPTY;
        }
        reads--;
        int n;
        try {
            n = channel.read(into.limit(at + length).position(at));
        } catch (IOException e) {
            return HUNG_UP; // reset by a client that died
        }
        return n == 0 ? EMPTY : n < 0 ? HUNG_UP : n;
    }

    /** Returns whether the client has sent anything that was read. */
    boolean hasSent() {
        return reader.endPosition() > 0;
    }

    @Override
    public boolean isAlive(long sender) {
        return true; // else the connection ends
    }

    @Override
    public long endPosition() {
        return 0;
    }

    /** Returns the client as it describes itself by the id in its frames; called by any thread. */
    Peer peer() {
        long pid = UnixWriter.pidOf(reader.sender());
        return new Peer(Role.SENDER, pid, nameOf(pid), true, 0);
    }

    static String nameOf(long pid) {
        try {
            return pid == 0
                    ? ""
                    : Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    void close() {
        UnixListener.closeQuietly(channel);
    }
}
