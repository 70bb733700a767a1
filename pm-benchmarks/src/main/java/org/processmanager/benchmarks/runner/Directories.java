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

/** Folders whose names follow from what they were made of: they appear whole, and never change. */
final class Directories {
    private Directories() {}

    /** All files below, in order. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** A sum over names and contents. */
    static String sum(String start, Path folder) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(start.getBytes(StandardCharsets.UTF_8));
        for (Path file : files(folder)) {
            crc.update(folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
            crc.update(Files.readAllBytes(file));
        }
        return Long.toHexString(crc.getValue());
    }

    /** @param <E> what it may throw beside the file system's exceptions */
    interface Filler<E extends Exception> {
        void fill(Path folder) throws IOException, E;
    }

    /** The folder, filled first if it is not there. Two programs that fill it at the same time make the same. */
    static <E extends Exception> Path make(Path folder, Filler<E> filler) throws IOException, E {
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Files.createDirectories(folder.getParent());
        Path growing = Files.createTempDirectory(folder.getParent(), ".new-");
        try {
            filler.fill(growing);
            Files.move(growing, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        } finally {
            delete(growing);
        }
        return folder;
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // Somebody still writes there; it lies in a folder for temporary files.
        }
    }
}
