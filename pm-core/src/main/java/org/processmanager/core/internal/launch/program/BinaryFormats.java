package org.processmanager.core.internal.launch.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * The interpreters that are registered with the kernel ({@code binfmt_misc}), for example for programs of another machine or
 * for jar files. Unreadable entries are ignored.
 */
public final class BinaryFormats {
    static final Path DIRECTORY = Path.of("/proc/sys/fs/binfmt_misc");

    private BinaryFormats() {}

    /** Returns whether the kernel has an interpreter for a file with this name and these first bytes. */
    public static boolean knows(Path directory, String file, ProgramHead head) {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, entry -> !entry.endsWith("register"))) {
            for (Path entry : entries) {
                if (matches(Files.readAllLines(entry, StandardCharsets.ISO_8859_1), file, head.bytes())) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException | IllegalArgumentException e) {
            return false;
        }
    }

    /** An entry: {@code enabled}, {@code interpreter ..}, then {@code extension .jar}, or offset, magic and mask in hex. */
    private static boolean matches(List<String> entry, String file, byte[] head) {
        if (!entry.contains("enabled")) {
            return false;
        }
        String extension = value(entry, "extension ");
        if (!extension.isEmpty()) {
            return file.endsWith(extension);
        }
        byte[] magic = HexFormat.of().parseHex(value(entry, "magic "));
        byte[] mask = HexFormat.of().parseHex(value(entry, "mask "));
        String offset = value(entry, "offset ");
        int start = offset.isEmpty() ? 0 : Integer.parseInt(offset);
        if (magic.length == 0 || start + magic.length > head.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            int counts = i < mask.length ? mask[i] : 0xff;
            if (((head[start + i] ^ magic[i]) & counts) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String value(List<String> entry, String name) {
        return entry.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }
}
