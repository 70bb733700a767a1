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
 * Whether descriptors 0, 1 and 2 are what this JVM was started with. If one was closed then, the first file that the JVM
 * opens for itself takes its number, as {@code lib/modules} or a jar, and would pass for the stream. (When the JDK closes a
 * file of such a number, it leaves {@code /dev/null} there.)
 *
 * <p>It is one of those if it is to be closed on exec, which nothing is that came through an exec; or if it is a file that
 * is open for reading alone. For an output that says all: it cannot be one. An input is one of the files that every JVM
 * opens, and is open nowhere else (a JVM that was given that file as standard input has it twice). Where there is no {@code /proc}
 * that is not known.
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
                // then it is not open either
            }
        }
    }

    /** Refuses a FIFO as standard input: opening it would wait for a writer, or without waiting be at its end at once. */
    public static LaunchException fifo(Path file) {
        return new LaunchException(
                LaunchException.Reason.BAD_STREAM_FILE,
                "cannot open " + file
                        + " as standard input: it is a FIFO; start with stdin(Input.pipe()) and write its content",
                null);
    }

    /** Whether this JVM was started without the stream. */
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
                    // closed since
                }
            }
        }
        return times == 1;
    }

    private static Path target(Path descriptor) throws IOException {
        return Files.readSymbolicLink(descriptor);
    }
}
