package org.processmanager.core.internal.ready;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds out whether processes listen on a TCP port: by the tables of sockets and the links of descriptors in {@code /proc}, or,
 * where those are missing or not permitted, by connecting.
 */
public final class ListeningPort {
    /** The result. */
    public enum State {
        /** No process listens on it. */
        CLOSED,
        /** One of the processes listens on it, or an unknown process does. */
        OPEN,
        /** Another process listens on it. */
        OF_ANOTHER_PROCESS
    }

    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATUS = 3;
    private static final int INODE = 9;
    private static final int HEX = 16;
    private static final int CONNECT_MILLIS = 200;
    private static final List<String> LOOPBACKS = List.of("127.0.0.1", "::1");

    private final String proc;

    /** Creates a finder for this system. */
    public ListeningPort() {
        this("/proc");
    }

    ListeningPort(String proc) {
        this.proc = proc;
    }

    /**
     * Returns the state of a port in the network namespace of a process.
     *
     * @param pid the process
     * @param tree the pids of the process and its descendants; asked only if some process listens
     */
    public State state(int port, long pid, Supplier<? extends Collection<Long>> tree) {
        Set<String> sockets = new HashSet<>();
        boolean known = addSockets(Path.of(proc, Long.toString(pid), "net", "tcp"), port, sockets);
        known |= addSockets(Path.of(proc, Long.toString(pid), "net", "tcp6"), port, sockets);
        if (!known) {
            return canConnect(port) ? State.OPEN : State.CLOSED;
        }
        if (sockets.isEmpty()) {
            return State.CLOSED;
        }
        boolean allRead = true;
        for (long member : tree.get()) {
            File directory = new File(proc + "/" + member + "/fd");
            String[] descriptors = directory.list();
            if (descriptors == null) {
                allRead &= !directory.exists(); // of another user, or gone
                continue;
            }
            for (String descriptor : descriptors) {
                if (sockets.contains(target(Path.of(directory.getPath(), descriptor)))) {
                    return State.OPEN;
                }
            }
        }
        return allRead ? State.OF_ANOTHER_PROCESS : State.OPEN;
    }

    private static boolean addSockets(Path table, int port, Set<String> sockets) {
        List<String> lines;
        try {
            lines = Files.readAllLines(table);
        } catch (IOException e) {
            return false;
        }
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] fields = line.trim().split("\\s+");
            if (fields.length > INODE && fields[STATUS].equals(LISTEN)) {
                String address = fields[LOCAL_ADDRESS];
                if (Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEX) == port) {
                    sockets.add("socket:[" + fields[INODE] + "]");
                }
            }
        }
        return true;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed since
        }
    }

    private static boolean canConnect(int port) {
        for (String address : LOOPBACKS) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), CONNECT_MILLIS);
                return true;
            } catch (IOException e) {
                // nothing listens there
            }
        }
        return false;
    }
}
