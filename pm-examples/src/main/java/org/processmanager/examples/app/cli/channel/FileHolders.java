package org.processmanager.examples.app.cli.channel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The processes that have a FIFO or a socket open, as far as {@code /proc} shows them to this user. */
final class FileHolders {
    /**
     * A process that has a file open.
     *
     * @param reads whether it can read from it; a socket is read by the process that listens on it
     */
    record Holder(long pid, boolean reads) {}

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "00010000";
    private static final int COLUMNS = 8;
    private static final int FLAGS = 3;
    private static final int INODE = 6;
    private static final int PATH = 7;
    private static final int ACCESS_MODE = 3;
    private static final int WRITE_ONLY = 1;

    private FileHolders() {}

    /** Returns the processes that have a FIFO open. */
    static List<Holder> ofFifo(Path fifo) {
        String target = fifo.toString();
        List<Holder> holders = new ArrayList<>();
        for (long pid : pids()) {
            boolean holds = false;
            boolean reads = false;
            for (Path descriptor : list(PROC.resolve(pid + "/fd"), "*")) {
                if (target.equals(target(descriptor))) {
                    holds = true;
                    reads |= isReadable(pid, descriptor.getFileName().toString());
                }
            }
            if (holds) {
                holders.add(new Holder(pid, reads));
            }
        }
        return holders;
    }

    /** Returns the processes that listen on a socket; if they are of another user or namespace, one with pid 0. */
    static List<Holder> ofSocket(Path socket) {
        Set<String> links = new HashSet<>();
        for (String[] words : sockets(socket)) {
            if (words[FLAGS].equals(LISTENING)) {
                links.add("socket:[" + words[INODE] + "]");
            }
        }
        List<Holder> holders = new ArrayList<>();
        if (links.isEmpty()) {
            return holders;
        }
        for (long pid : pids()) {
            for (Path descriptor : list(PROC.resolve(pid + "/fd"), "*")) {
                if (links.contains(target(descriptor))) {
                    holders.add(new Holder(pid, true));
                    break;
                }
            }
        }
        return holders.isEmpty() ? List.of(new Holder(0, true)) : holders;
    }

    /** Returns how many senders are connected to a socket. */
    static int connections(Path socket) {
        return (int) sockets(socket).stream()
                .filter(words -> !words[FLAGS].equals(LISTENING))
                .count();
    }

    private static List<String[]> sockets(Path socket) {
        List<String[]> found = new ArrayList<>();
        try {
            // Num RefCount Protocol Flags Type St Inode Path
            for (String line : Files.readAllLines(PROC.resolve("net/unix"), StandardCharsets.ISO_8859_1)) {
                String[] words = line.trim().split(" +", COLUMNS);
                String path = words.length == COLUMNS
                        ? new String(words[PATH].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                        : "";
                if (path.equals(socket.toString())) {
                    found.add(words);
                }
            }
        } catch (IOException e) {
            // a system without /proc
        }
        return found;
    }

    private static boolean isReadable(long pid, String descriptor) {
        try {
            for (String line : Files.readAllLines(PROC.resolve(pid + "/fdinfo/" + descriptor))) {
                if (line.startsWith("flags:")) {
                    int flags =
                            Integer.parseInt(line.substring("flags:".length()).strip(), 8);
                    return (flags & ACCESS_MODE) != WRITE_ONLY;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // closed meanwhile
        }
        return false;
    }

    private static List<Long> pids() {
        return list(PROC, "[1-9]*").stream()
                .map(process -> Long.valueOf(process.getFileName().toString()))
                .toList();
    }

    private static List<Path> list(Path directory, String names) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, names)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            // a process that has exited, or of another user
        }
        return found;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
