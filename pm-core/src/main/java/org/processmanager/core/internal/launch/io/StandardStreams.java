package org.processmanager.core.internal.launch.io;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.processmanager.core.LaunchException;

/**
 * Detects which of the descriptors 0, 1 and 2 were closed when this JVM was started. The first file that the JVM then opens
 * for itself, such as {@code lib/modules} or a jar, gets that number and would be mistaken for the stream. (When the JDK
 * closes a file of such a number, it leaves {@code /dev/null} there.)
 *
 * <p>A descriptor belongs to the JVM if it is close-on-exec, because no inherited descriptor is; or if it is a regular file
 * that is open for reading only. That suffices for an output. For an input, the file must also be one that every JVM opens,
 * and have no other descriptor (a JVM that was given this file as standard input has two). Unknown without {@code /proc}.
 */
public final class StandardStreams {
    private static final Path PROC = Path.of("/proc/self");
    private static final int ACCESS_MODE = 3;
    private static final int CLOSE_ON_EXEC = 02000000;

    private StandardStreams() {}

    /** The files that every JVM opens and keeps open. */
    private static final class OfTheJvm {
        static final Set<Path> FILES = find();

        private static Set<Path> find() {
            Set<Path> files = new HashSet<>();
            add(files, System.getProperty("java.home") + "/lib/modules");
            for (String property : new String[] {"java.class.path", "jdk.module.path"}) {
                for (String entry : System.getProperty(property, "").split(File.pathSeparator)) {
                    add(files, entry);
                }
            }
            return files;
        }

        private static void add(Set<Path> files, String name) {
            try {
                files.add(Path.of(name).toRealPath());
            } catch (IOException | InvalidPathException e) {
                // then the descriptor is not open either
            }
        }
    }

    /** Rejects a FIFO as standard input: opening it blocks until there is a writer, or reads end of file at once. */
    public static LaunchException fifo(Path file) {
        return new LaunchException(
                LaunchException.Reason.BAD_STREAM_FILE,
                "cannot open " + file
                        + " as standard input: it is a FIFO; start with stdin(Input.pipe()) and write its content",
                null);
    }

    /** Returns whether this JVM was started without the stream. */
    public static boolean isMissing(int stream) {
        try {
            int flags = flags(stream);
            if ((flags & CLOSE_ON_EXEC) != 0) {
                return true;
            }
            return (flags & ACCESS_MODE) == 0
                    && (stream == 0 ? isOfTheJvm() : Files.isRegularFile(PROC.resolve("fd/" + stream)));
        } catch (NoSuchFileException e) {
            return Files.isDirectory(PROC.resolve("fdinfo"));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static int flags(int stream) throws IOException {
        String info = Files.readString(PROC.resolve("fdinfo/" + stream), StandardCharsets.ISO_8859_1);
        String flags = info.lines()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElse("flags: 0");
        return (int) Long.parseLong(flags.substring("flags:".length()).strip(), 8);
    }

    private static boolean isOfTheJvm() throws IOException {
        Path file = target(PROC.resolve("fd/0"));
        if (!Files.isRegularFile(file) || !OfTheJvm.FILES.contains(file)) {
            return false;
        }
        int times = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC.resolve("fd"))) {
            for (Path one : all) {
                try {
                    times += target(one).equals(file) ? 1 : 0;
                } catch (IOException e) {
                    // closed in the meantime
                }
            }
        }
        return times == 1;
    }

    private static Path target(Path descriptor) throws IOException {
        return Files.readSymbolicLink(descriptor);
    }
}
