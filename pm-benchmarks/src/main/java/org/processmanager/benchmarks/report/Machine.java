package org.processmanager.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The machine that the benchmarks run on. */
public final class Machine {
    private static final long MOMENT_MILLIS = 300;

    private Machine() {}

    public static List<Report.Fact> facts() {
        List<Report.Fact> facts = new ArrayList<>();
        facts.add(new Report.Fact(
                "date", ZonedDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm xxx"))));
        facts.add(new Report.Fact(
                "processors",
                Runtime.getRuntime().availableProcessors() + " x " + line("/proc/cpuinfo", "model name")));
        facts.add(new Report.Fact("memory", memory()));
        facts.add(new Report.Fact(
                "system", System.getProperty("os.name") + " " + System.getProperty("os.version") + virtualization()));
        facts.add(new Report.Fact(
                "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version")));
        facts.add(new Report.Fact("load before", loadAverage()));
        return facts;
    }

    /**
     * Returns the share of the processors that is busy while the caller sleeps for a moment.
     *
     * @return 0 to 1, or NaN if it is unknown
     */
    public static double busyShare() throws InterruptedException {
        long[] before = processorTimes();
        TimeUnit.MILLISECONDS.sleep(MOMENT_MILLIS);
        long[] after = processorTimes();
        long total = after[0] - before[0];
        return total <= 0 ? Double.NaN : 1 - (double) (after[1] - before[1]) / total;
    }

    /** Returns the ticks of all processors together: all of them, and those without work. */
    private static long[] processorTimes() {
        try {
            String[] fields = Files.readString(Path.of("/proc/stat"))
                    .lines()
                    .findFirst()
                    .orElse("")
                    .split(" +");
            long total = 0;
            for (int i = 1; i < Math.min(fields.length, 9); i++) {
                total += Long.parseLong(fields[i]);
            }
            return new long[] {total, fields.length > 5 ? Long.parseLong(fields[4]) + Long.parseLong(fields[5]) : 0};
        } catch (IOException e) {
            return new long[2];
        }
    }

    private static String virtualization() {
        return line("/proc/cpuinfo", "flags").contains(" hypervisor") ? ", a virtual machine" : "";
    }

    private static String memory() {
        String kibibytes = line("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return kibibytes.isEmpty() ? "unknown" : Math.round(Long.parseLong(kibibytes) / 1048576.0) + " GiB";
    }

    private static String loadAverage() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Returns the first value with this name in a file of {@code name: value} lines. */
    private static String line(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
