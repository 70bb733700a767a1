package org.processmanager.ipc.internal.unix;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.util.Cleaners;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.sync.OpenMode;

/**
 * The listening socket of a receiver, private to this user, and the connections that it has accepted. A socket that it finds
 * at its path is in use if it can be connected to, which the kernel refuses once its listener is closed or dead; such a stale
 * socket is replaced. A listener that is garbage collected is closed.
 */
final class UnixListener {
    /** How many connections the kernel keeps until they are accepted. */
    private static final int BACKLOG = 128;

    private final SocketFile file;
    private final Release release;
    private final Cleaner.Cleanable cleanable;

    private UnixListener(SocketFile file, Release release) {
        this.file = file;
        this.release = release;
        this.cleanable = Cleaners.register(this, release);
    }

    /** Opens the socket of a receiver. Leaves nothing behind if that fails. */
    static UnixListener open(SocketFile file, OpenMode mode) {
        if (!file.exists() && mode == OpenMode.OPEN_EXISTING) {
            throw file.notFound();
        }
        try (OpeningLock lock = OpeningLock.acquire(file.path())) {
            removeStale(file, mode);
            return bind(file);
        }
    }

    /** Removes a stale socket, if there is one. */
    private static void removeStale(SocketFile file, OpenMode mode) {
        if (!file.exists()) {
            return;
        }
        if (mode == OpenMode.CREATE_NEW) {
            throw new ChannelExistsException("cannot create " + file.path()
                    + ": it exists; open it with OPEN_EXISTING or OPEN_OR_CREATE, or delete it");
        }
        if (!isStale(file)) {
            long pid = SocketHolder.pid(file.path());
            throw new ChannelBusyException(
                    "cannot receive from " + file.path() + ": the receiver is "
                            + (pid == 0 ? "another process" : "pid " + pid) + "; a socket has one receiver at a time",
                    pid);
        }
        CrashPoint.reach("unix.socket.stale");
        file.delete();
    }

    private static boolean isStale(SocketFile file) {
        SocketChannel opened;
        try {
            opened = SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw SocketFile.exhaustion("cannot create a socket for " + file.path(), e);
        }
        try (SocketChannel probe = opened) {
            probe.configureBlocking(false);
            probe.connect(file.address());
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false; // too many connections are waiting, or it is a socket of another kind
        }
    }

    private static UnixListener bind(SocketFile file) {
        ServerSocketChannel server = null;
        Selector selector = null;
        boolean bound = false;
        boolean done = false;
        try {
            selector = Selector.open();
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.configureBlocking(false);
            server.bind(file.address(), BACKLOG);
            bound = true;
            CrashPoint.reach("unix.socket.bound");
            Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-------"));
            server.register(selector, SelectionKey.OP_ACCEPT);
            UnixListener listener =
                    new UnixListener(file, new Release(file, Files.getOwner(file.path()), server, selector));
            done = true;
            return listener;
        } catch (IOException e) {
            if (server == null) {
                throw SocketFile.exhaustion("cannot create socket " + file.path(), e);
            }
            throw SocketFile.failure("cannot create socket " + file.path(), e);
        } finally {
            if (!done) {
                closeQuietly(server);
                closeQuietly(selector);
                if (bound) {
                    file.delete();
                }
            }
        }
    }

    Selector selector() {
        return release.selector;
    }

    /** Returns the connections; the list may be read by any thread. */
    List<UnixClient> clients() {
        return release.clients;
    }

    /** Accepts a connection of this user if one is waiting; closes those of others. */
    @Nullable
    SocketChannel accept() {
        try {
            SocketChannel channel = release.server.accept();
            while (channel != null && !isOfThisUser(channel)) {
                channel.close();
                channel = release.server.accept();
            }
            return channel;
        } catch (IOException e) {
            throw SocketFile.exhaustion("cannot accept a connection to " + file.path(), e);
        }
    }

    /** Another user could have connected before the socket became private, if the umask allows it. */
    private boolean isOfThisUser(SocketChannel channel) {
        try {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(release.user);
        } catch (IOException e) {
            return false; // it has no peer
        }
    }

    /** Returns how many bytes of a connection the kernel buffers by default. */
    int bufferBytes() {
        try {
            return release.server.getOption(StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            throw new ChannelException("cannot read the buffer size of " + file.path() + ": " + e, e);
        }
    }

    /** Returns whether the path still names this socket. */
    boolean isStillThere() {
        return release.isStillThere();
    }

    /** Closes the socket and its connections, and removes its file. Idempotent. */
    void close() {
        cleanable.clean();
    }

    static void closeQuietly(@Nullable AutoCloseable resource) {
        if (resource != null) {
            try {
                resource.close();
            } catch (Exception e) {
                // nothing of it is left to use
            }
        }
    }

    private static final class Release implements Runnable {
        final SocketFile file;
        final UserPrincipal user;
        final @Nullable Object identity;
        final ServerSocketChannel server;
        final Selector selector;
        final List<UnixClient> clients = new CopyOnWriteArrayList<>();

        Release(SocketFile file, UserPrincipal user, ServerSocketChannel server, Selector selector) {
            this.file = file;
            this.user = user;
            this.identity = file.identity();
            this.server = server;
            this.selector = selector;
        }

        boolean isStillThere() {
            return identity != null && identity.equals(file.identity());
        }

        @Override
        public void run() {
            try {
                // The name first: while the socket listens, no other receiver takes the place.
                if (isStillThere()) {
                    file.delete();
                }
            } finally {
                closeQuietly(server);
                for (UnixClient client : clients) {
                    client.close();
                }
                closeQuietly(selector);
            }
        }
    }
}
