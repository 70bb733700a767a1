package org.processmanager.core.monitor;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What the numbers in {@code /proc} mean: when the ticks began, and the size of a page.
 *
 * @param bootMillis the boot time, in milliseconds since 1970
 * @param uptimeIsSinceBoot whether {@code /proc/uptime} counts from there; some containers show their own uptime
 * @param pageBytes the size of a page
 */
record KernelUnits(long bootMillis, boolean uptimeIsSinceBoot, long pageBytes) {
    /** A clock tick, the unit of the times of processes, whatever the frequency of the kernel's timer. */
    static final long TICK_MILLIS = 10;

    private static final String BOOT_TIME = "btime ";
    private static final long MOST_APART_MILLIS = 2;
    private static final int MOST_ATTEMPTS = 20;
    private static final long AT_PAGESZ = 6;
    private static final long USUAL_PAGE_BYTES = 4096;

    /**
     * Reads the units. The kernel states the boot time in whole seconds, rounded down; the clock and the uptime give the
     * fraction, to about 10 ms.
     *
     * @throws IOException if they cannot be read
     */
    static KernelUnits read(Path proc) throws IOException {
        long seconds = bootSeconds(proc.resolve("stat"));
        long now;
        String uptime;
        int attempt = 0;
        do { // again if the processor was away between the two readings
            now = System.currentTimeMillis();
            uptime = Files.readString(proc.resolve("uptime"), StandardCharsets.ISO_8859_1);
            attempt++;
        } while (System.currentTimeMillis() - now > MOST_APART_MILLIS && attempt < MOST_ATTEMPTS);
        long sinceBoot = new BigDecimal(uptime.substring(0, uptime.indexOf(' ')))
                .movePointRight(3)
                .longValue();
        long fraction = now - sinceBoot - 1000 * seconds;
        boolean agree = Math.abs(fraction) < 2000;
        return new KernelUnits(
                1000 * seconds + (agree ? Math.max(0, Math.min(999, fraction)) : 0), agree, pageBytes(proc));
    }

    Instant instant(long ticks) {
        return Instant.ofEpochMilli(bootMillis + TICK_MILLIS * ticks);
    }

    private static long bootSeconds(Path stat) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(stat, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(BOOT_TIME)) {
                    return Long.parseLong(line.substring(BOOT_TIME.length()).strip());
                }
            }
        }
        throw new IOException(stat + " has no line " + BOOT_TIME.strip());
    }

    /** Reads it from the auxiliary vector, pairs of a type and a value. */
    private static long pageBytes(Path proc) throws IOException {
        Path vector = proc.resolve("self").resolve("auxv");
        if (Files.isReadable(vector)) {
            ByteBuffer pairs = ByteBuffer.wrap(Files.readAllBytes(vector)).order(ByteOrder.nativeOrder());
            while (pairs.remaining() >= 2 * Long.BYTES) {
                long type = pairs.getLong();
                long value = pairs.getLong();
                if (type == AT_PAGESZ) {
                    return value;
                }
            }
        }
        return USUAL_PAGE_BYTES;
    }
}
