package org.processmanager.core.internal.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.processmanager.core.ResourceUsage;

/** Resource usage of a running process, from {@code /proc}. */
public final class ProcUsage {
    /** The unit of the times that the kernel reports, independent of its tick rate. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Positions after the name: of the process, then of the children that it has reaped. */
    private static final int USER = 11;

    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;
    private static final String PEAK = "VmHWM:";

    private ProcUsage() {}

    /** Returns the usage; empty if the process does not exist, has exited or is not visible. */
    public static Optional<ResourceUsage> of(int pid) {
        if (!ProcFs.isUsable()) {
            return Optional.empty();
        }
        Path directory = ProcFs.directory(pid);
        try {
            String line = read(directory.resolve("stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return peakBytes(read(directory.resolve("status")))
                    .map(peak -> new ResourceUsage(
                            ticks(fields, USER, CHILDREN_USER), ticks(fields, SYSTEM, CHILDREN_SYSTEM), peak));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Duration ticks(String[] fields, int own, int children) {
        return Duration.ofNanos((Long.parseLong(fields[own]) + Long.parseLong(fields[children])) * NANOS_PER_TICK);
    }

    /** Returns the peak resident size; empty for a zombie. */
    private static Optional<Long> peakBytes(String status) {
        int line = status.indexOf("\n" + PEAK);
        if (line < 0) {
            return Optional.empty();
        }
        int from = line + 1 + PEAK.length();
        String value = status.substring(from, status.indexOf(" kB", from)).strip();
        return Optional.of(Long.parseLong(value) * 1024);
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
