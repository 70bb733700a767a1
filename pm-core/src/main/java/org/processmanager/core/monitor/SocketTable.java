package org.processmanager.core.monitor;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sockets of a network namespace by inode, from the files of a {@code net} directory of {@code /proc}. */
final class SocketTable {
    private static final List<String> INTERNET = List.of("tcp", "tcp6", "udp", "udp6");

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String TCP_LISTEN = "0A";
    private static final String UDP_UNCONNECTED = "07";

    private static final int UNIX_FLAGS = 3;
    private static final int UNIX_INODE = 6;
    private static final int UNIX_PATH = 7;
    /** {@code __SO_ACCEPTCON}. */
    private static final int UNIX_LISTENS = 0x10000;

    private static final int HEX = 16;
    private static final int DIGITS_OF_WORD = 8;

    private SocketTable() {}

    /**
     * Reads all sockets; a protocol that the kernel does not have is left out.
     *
     * @throws IOException if a file cannot be read
     */
    static Map<Long, OpenSocket> read(Path net) throws IOException {
        Map<Long, OpenSocket> sockets = new HashMap<>();
        for (String protocol : INTERNET) {
            read(
                    net.resolve(protocol),
                    line -> addInternet(sockets, protocol, line.strip().split("\\s+")));
        }
        read(net.resolve("unix"), line -> addUnix(sockets, line.split("\\s+", UNIX_PATH + 1)));
        return sockets;
    }

    private interface LineReader {
        void accept(String line) throws IOException;
    }

    private static void read(Path file, LineReader reader) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            lines.readLine(); // titles
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.accept(line);
            }
        } catch (NoSuchFileException e) {
            // a kernel without this protocol
        }
    }

    private static void addInternet(Map<Long, OpenSocket> sockets, String protocol, String[] fields)
            throws UnknownHostException {
        if (fields.length <= INODE) {
            return;
        }
        String listens = protocol.startsWith("tcp") ? TCP_LISTEN : UDP_UNCONNECTED;
        int remotePort = port(fields[REMOTE]);
        sockets.put(
                Long.parseLong(fields[INODE]),
                new OpenSocket(
                        protocol,
                        fields[STATE].equals(listens),
                        address(fields[LOCAL]),
                        port(fields[LOCAL]),
                        remotePort == 0 ? "" : address(fields[REMOTE]),
                        remotePort));
    }

    private static void addUnix(Map<Long, OpenSocket> sockets, String[] fields) {
        if (fields.length > UNIX_INODE) {
            boolean listens = (Integer.parseInt(fields[UNIX_FLAGS], HEX) & UNIX_LISTENS) != 0;
            String path = fields.length > UNIX_PATH ? utf8(fields[UNIX_PATH]) : "";
            sockets.put(Long.parseLong(fields[UNIX_INODE]), new OpenSocket("unix", listens, path, 0, "", 0));
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static int port(String addressAndPort) {
        return Integer.parseInt(addressAndPort.substring(addressAndPort.indexOf(':') + 1), HEX);
    }

    /** The kernel prints each word of an address as a number of this machine. */
    private static String address(String addressAndPort) throws UnknownHostException {
        int digits = addressAndPort.indexOf(':');
        ByteBuffer bytes = ByteBuffer.allocate(digits / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < digits; at += DIGITS_OF_WORD) {
            bytes.putInt(Integer.parseUnsignedInt(addressAndPort.substring(at, at + DIGITS_OF_WORD), HEX));
        }
        InetAddress address = InetAddress.getByAddress(bytes.array());
        if (address.isAnyLocalAddress()) {
            return "*";
        }
        String text = address.getHostAddress();
        return text.contains(":") ? shortened(text) : text;
    }

    /** Replaces the longest run of zeros by two colons. */
    private static String shortened(String address) {
        String longest = "";
        for (String run = "0"; run.length() < address.length(); run += ":0") {
            if ((":" + address + ":").contains(":" + run + ":")) {
                longest = run;
            }
        }
        if (longest.length() < "0:0".length()) {
            return address;
        }
        String short0 = (":" + address + ":").replaceFirst(":" + longest + ":", "::");
        return short0.replaceFirst("^:(?!:)", "").replaceFirst("(?<!:):$", "");
    }
}
