package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.ChannelCorruptException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Peer;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.ProbeInterval;
import org.processmanager.ipc.internal.stream.ByteSource;
import org.processmanager.ipc.internal.stream.MessageReader;
import org.processmanager.ipc.internal.stream.StreamReceiver;
import org.processmanager.sync.internal.region.park.Deadline;

/**
 * Reads messages from the connections of a socket in turns: the kernel is asked which have something to read, and each of
 * these is read once. A client that writes something else than messages is disconnected and reported by one exception; the
 * others are received by the next call.
 */
final class UnixReceiver extends StreamReceiver {
    /** Turns without a message after which a search is given up, so that a client cannot prolong it without end. */
    private static final int LONGEST_SEARCH = 64;

    private final UnixListener listener;
    private final int maxMessageBytes;
    private final int maxClients;
    private final ProbeInterval probes = new ProbeInterval();
    private final Consumer<SelectionKey> collector = this::collect;
    /** Those with something to read. */
    private final ArrayDeque<UnixClient> ready = new ArrayDeque<>();
    /** The one whose turn it is. */
    private @Nullable UnixClient current;

    private boolean acceptable;
    private long accepted;
    private boolean hadSender;
    private boolean nameGone;
    private boolean ended;

    UnixReceiver(Endpoint endpoint, UnixListener listener, Delivery delivery, int maxMessageBytes, int maxClients) {
        super(endpoint, delivery);
        this.listener = listener;
        this.maxMessageBytes = maxMessageBytes;
        this.maxClients = maxClients;
    }

    @Override
    protected @Nullable MessageReader findMessage() {
        for (int turn = 0; turn < LONGEST_SEARCH; turn++) {
            UnixClient client = current != null ? current : nextReady();
            if (client == null) {
                ended = nameGone
                        || isNameGone()
                        || hadSender && !waitsForSenders && listener.clients().isEmpty();
                return null;
            }
            current = client;
            int found = search(client);
            if (found >= 0) {
                probes.restart();
                return client.reader();
            }
            current = null;
            hadSender |= client.hasSent();
            if (found == ByteSource.HUNG_UP || client.isRefused()) {
                drop(client);
            }
        }
        ended = false;
        return null;
    }

    private int search(UnixClient client) {
        boolean sound = false;
        try {
            int found = client.reader().next();
            sound = true;
            return found;
        } catch (ChannelCorruptException e) {
            hadSender = true;
            throw e;
        } finally {
            if (!sound) {
                current = null;
                drop(client);
            }
        }
    }

    /** Starts the turn of the next client with something to read; null if there is none. */
    private @Nullable UnixClient nextReady() {
        UnixClient client = ready.poll();
        if (client == null) {
            try {
                listener.selector().selectNow(collector);
            } catch (IOException e) {
                throw failure(e);
            }
            client = acceptAll() ? nextReady() : ready.poll();
        }
        if (client != null) {
            client.startTurn();
        }
        return client;
    }

    private void collect(SelectionKey key) {
        if (key.attachment() instanceof UnixClient client) {
            ready.add(client);
        } else {
            acceptable = true;
        }
    }

    /** Accepts all waiting connections; returns whether there were any. */
    private boolean acceptAll() {
        if (!acceptable) {
            return false;
        }
        acceptable = false;
        boolean any = false;
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            any = true;
            add(channel);
        }
        return any;
    }

    private void add(SocketChannel channel) {
        String subject = endpoint + ", connection " + ++accepted;
        boolean refused = listener.clients().size() >= maxClients;
        boolean done = false;
        try {
            channel.configureBlocking(false);
            UnixClient client = new UnixClient(subject, channel, refused, maxMessageBytes);
            channel.register(listener.selector(), SelectionKey.OP_READ, client);
            listener.clients().add(client);
            if (refused) {
                client.sendRefusal();
                ready.add(client);
            }
            done = true;
        } catch (IOException e) {
            throw failure(e);
        } finally {
            if (!done) {
                UnixListener.closeQuietly(channel);
            }
        }
    }

    private void drop(UnixClient client) {
        listener.clients().remove(client);
        client.close();
    }

    @Override
    protected boolean isEnded() {
        return ended;
    }

    private boolean isNameGone() {
        if (probes.isDue()) {
            nameGone = !listener.isStillThere();
        }
        return nameGone;
    }

    @Override
    protected void await(Deadline deadline) throws InterruptedException {
        if (!ready.isEmpty()) {
            return; // the last search was given up
        }
        try {
            SelectorWait.await(listener.selector(), collector, deadline, guard);
        } catch (IOException e) {
            throw failure(e);
        }
        acceptAll();
    }

    private ChannelException failure(IOException e) {
        return new ChannelException("cannot receive from " + endpoint + ": " + e, e);
    }

    @Override
    public void wake() {
        listener.selector().wakeup();
    }

    @Override
    public void release() {
        listener.close();
    }

    @Override
    public ChannelSnapshot snapshot() {
        guard.checkOpen();
        List<Peer> peers = new ArrayList<>();
        long backlog = 0;
        for (UnixClient client : listener.clients()) {
            peers.add(client.peer());
            backlog += client.reader().bufferedBytes();
        }
        boolean connected = !peers.isEmpty();
        long self = ProcessHandle.current().pid();
        peers.add(new Peer(Role.RECEIVER, self, UnixClient.nameOf(self), true, backlog));
        return new ChannelSnapshot(endpoint, connected, peers, messages(), backlog, listener.bufferBytes());
    }
}
