package org.processmanager.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The machine that the benchmarks run on. */
public final class Machine {
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
