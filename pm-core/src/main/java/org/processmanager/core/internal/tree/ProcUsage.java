package org.processmanager.core.internal.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.processmanager.core.ResourceUsage;

/** What a running process has used so far, from {@code /proc}. */
public final class ProcUsage {
    private static final Path PROC = Path.of("/proc");
    /** What the kernel counts in for people, whatever its own rate is. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Positions behind the name: of the process, then of the children that it waited for. */
    private static final int USER = 11;

    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;
    private static final String PEAK = "VmHWM:";

    private ProcUsage() {}

    /** Empty if there is no such process, it has ended, or it cannot be told. */
    public static Optional<ResourceUsage> of(int pid) {
        Path folder = PROC.resolve(Integer.toString(pid));
        try {
            String line = read(folder.resolve("stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return peakBytes(read(folder.resolve("status")))
                    .map(peak -> new ResourceUsage(
                            ticks(fields, USER, CHILDREN_USER), ticks(fields, SYSTEM, CHILDREN_SYSTEM), peak));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Duration ticks(String[] fields, int own, int children) {
        return Duration.ofNanos((Long.parseLong(fields[own]) + Long.parseLong(fields[children])) * NANOS_PER_TICK);
    }

    /** A zombie has none. */
    private static Optional<Long> peakBytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith(PEAK))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst();
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
