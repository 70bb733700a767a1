package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Directories whose names are a checksum of their input. They appear complete and never change. */
final class Directories {
    private Directories() {}

    /** Returns all files below a directory, sorted. */
    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Returns a checksum over names and contents. */
    static String sum(String start, Path directory) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(start.getBytes(StandardCharsets.UTF_8));
        for (Path file : files(directory)) {
            crc.update(directory.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
            crc.update(Files.readAllBytes(file));
        }
        return Long.toHexString(crc.getValue());
    }

    /** @param <E> thrown in addition to the exceptions of the file system */
    interface Filler<E extends Exception> {
        void fill(Path directory) throws IOException, E;
    }

    /**
     * Returns the directory, filling it first if it does not exist. Two programs that fill it at the same time create
     * the same content.
     */
    static <E extends Exception> Path make(Path directory, Filler<E> filler) throws IOException, E {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        Files.createDirectories(directory.getParent());
        Path incomplete = Files.createTempDirectory(directory.getParent(), ".new-");
        try {
            filler.fill(incomplete);
            Files.move(incomplete, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        } finally {
            delete(incomplete);
        }
        return directory;
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // another process still writes there; the system deletes temporary files later
        }
    }
}
