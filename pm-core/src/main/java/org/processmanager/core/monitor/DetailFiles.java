package org.processmanager.core.monitor;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.processmanager.core.ResourcesExhaustedException;

/** Reads files of the directory of one process. Thread-safe. */
final class DetailFiles {
    private static final long BYTES_OF_KIB = 1024;

    private final Path directory;
    private final BooleanSupplier isThere;

    /** Reads something of the directory of a process. */
    @FunctionalInterface
    interface Part<T> {
        T read(Path directory) throws IOException;
    }

    /**
     * Creates the files of a process.
     *
     * @param isThere returns whether the process has not exited: another one may have its pid
     */
    DetailFiles(Path directory, BooleanSupplier isThere) {
        this.directory = directory;
        this.isThere = isThere;
    }

    /**
     * Reads a part; empty if it is not permitted or if the process has exited.
     *
     * @throws ResourcesExhaustedException if no descriptor is free
     */
    <T> Optional<T> read(Part<T> part) {
        try {
            T read = part.read(directory);
            return isThere.getAsBoolean() ? Optional.of(read) : Optional.empty();
        } catch (IOException | DirectoryIteratorException e) {
            checkDescriptors();
            return Optional.empty();
        }
    }

    private static void checkDescriptors() {
        try {
            new FileInputStream("/dev/null").close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static ResourcesExhaustedException unreadable(IOException e) {
        return new ResourcesExhaustedException(
                "cannot read details of processes: " + e.getMessage()
                        + "; if no descriptor is free, close some or raise the limit (ulimit -n)",
                e);
    }

    static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    /** Returns the content, nothing if there is no such file, or no longer. */
    static byte[] bytesOrNone(Path file) throws IOException {
        try {
            return bytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        } catch (IOException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return new byte[0];
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static Path link(Path link) throws IOException {
        return Files.readSymbolicLink(link);
    }

    /** Returns the texts of a file, each of which ends with a zero byte. */
    static List<String> strings(Path file) throws IOException {
        String all = text(bytes(file));
        if (all.isEmpty()) {
            return List.of();
        }
        return List.of((all.endsWith("\0") ? all.substring(0, all.length() - 1) : all).split("\0", -1));
    }

    /** Returns the numbers of lines as {@code name: number}; those in kB become bytes. */
    static Map<String, Long> fields(Path file) throws IOException {
        Map<String, Long> fields = new HashMap<>();
        for (String line : text(bytes(file)).split("\n")) {
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            String digits = value.endsWith(" kB") ? value.substring(0, value.indexOf(' ')) : value;
            if (!digits.isEmpty() && digits.chars().allMatch(Character::isDigit)) {
                fields.put(
                        line.substring(0, colon), Long.parseLong(digits) * (digits.equals(value) ? 1 : BYTES_OF_KIB));
            }
        }
        return fields;
    }

    /** Returns the numbers that are names of files in a directory, in ascending order. */
    static List<Long> numbers(Path directory) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(file -> numbers.add(Long.parseLong(file.getFileName().toString())));
        }
        numbers.sort(null);
        return numbers;
    }

    /** Returns the targets of the links in a directory of descriptors, by number. One that was closed is left out. */
    static Map<Integer, String> links(Path directory) throws IOException {
        Map<Integer, String> links = new TreeMap<>();
        for (long number : numbers(directory)) {
            try {
                links.put(
                        (int) number,
                        link(directory.resolve(Long.toString(number))).toString());
            } catch (AccessDeniedException e) {
                throw e;
            } catch (IOException e) {
                // closed meanwhile
            }
        }
        return links;
    }
}
