package org.processmanager.core.internal.tree;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourcesExhaustedException;

/**
 * Whether {@code /proc} can be trusted. It is not mounted in some containers, and it may be that of another pid namespace,
 * where its numbers are those of unrelated processes.
 */
public final class ProcFs {
    private static final boolean LINUX = System.getProperty("os.name").startsWith("Linux");
    private static final Path PROC = Path.of("/proc");
    private static final Path SELF = PROC.resolve("self");
    private static final String SELF_PID = Long.toString(ProcessHandle.current().pid());

    private static final boolean CHILDREN = new File("/proc/thread-self/children").exists();

    private ProcFs() {}

    /** Returns whether this system has a {@code /proc}, mounted or not. */
    static boolean isLinux() {
        return LINUX;
    }

    /** Returns whether {@code /proc} shows the processes by the pids that this process knows; false where there is none. */
    public static boolean isUsable() {
        try {
            // readlink needs no descriptor
            return Files.readSymbolicLink(SELF).toString().equals(SELF_PID);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Does nothing if {@code /proc} is usable, or if this system has none.
     *
     * @throws UncheckedIOException if it has one that is not mounted, or that of another pid namespace
     */
    static void check() {
        if (LINUX && !isUsable()) {
            throw unusable();
        }
    }

    /** Returns the exception for a {@code /proc} that does not show this process. */
    static UncheckedIOException unusable() {
        return new UncheckedIOException(new IOException("/proc does not show this process, " + SELF_PID
                + ": it is not mounted, or that of another pid namespace"));
    }

    /** Returns the exception for a call that could not read {@code /proc}. */
    static ProcessManagerException failure(String what, @Nullable Throwable cause) {
        return isUsable()
                ? new ResourcesExhaustedException(what + "; is a descriptor free?", cause)
                : new ProcessManagerException(what, cause);
    }

    /** Returns whether a number is the id of a thread, and not the pid of a process. */
    static boolean isThread(int pid) {
        try (Stream<String> lines = Files.lines(directory(pid).resolve("status"), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(
                    line -> line.startsWith("Tgid:") && !line.strip().endsWith("\t" + pid));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** Returns the directory of a process. */
    static Path directory(int pid) {
        return PROC.resolve(Integer.toString(pid));
    }

    /** Returns whether the kernel lists the children of each thread. */
    static boolean listsChildren() {
        return CHILDREN;
    }

    /** Returns the ids of the threads of a process; empty if it has exited or is not visible. */
    static List<String> threads(int pid) {
        String[] threads = new File("/proc/" + pid + "/task").list();
        return threads == null ? List.of() : List.of(threads);
    }

    /**
     * Returns the pids of the children of a process; empty if it has exited, is not visible, or if the kernel does not list
     * children.
     */
    static List<Integer> children(int pid) {
        List<Integer> children = new ArrayList<>();
        for (String thread : threads(pid)) {
            try {
                String line = Files.readString(
                        directory(pid).resolve("task").resolve(thread).resolve("children"),
                        StandardCharsets.ISO_8859_1);
                for (String child : line.isEmpty() ? new String[0] : line.split(" ")) {
                    children.add(Integer.parseInt(child));
                }
            } catch (IOException e) {
                // the thread has exited
            }
        }
        return children;
    }
}
