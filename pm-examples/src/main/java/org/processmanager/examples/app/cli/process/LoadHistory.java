package org.processmanager.examples.app.cli.process;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;

/** CPU and memory of processes over the last samples, and the processes that exited in the last minute. Not thread-safe. */
final class LoadHistory {
    private static final int SAMPLES = 8;
    private static final Duration SHOWN_AFTER_EXIT = Duration.ofMinutes(1);
    private static final String BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

    private final Map<ProcessIdentity, Deque<Double>> loads = new HashMap<>();
    private final Map<ProcessIdentity, Deque<Double>> memory = new HashMap<>();
    private final Map<ProcessSnapshot, Instant> exited = new LinkedHashMap<>();

    void add(Sample sample) {
        for (ProcessSnapshot process : sample.processes()) {
            add(loads, process, sample.cpuPercent(process.pid()).orElse(0));
            add(memory, process, process.residentBytes());
        }
        sample.exited().forEach(process -> exited.put(process, sample.time()));
        exited.entrySet().removeIf(entry -> {
            boolean old = entry.getValue().plus(SHOWN_AFTER_EXIT).isBefore(sample.time());
            if (old) {
                loads.remove(entry.getKey().identity());
                memory.remove(entry.getKey().identity());
            }
            return old;
        });
    }

    private static void add(Map<ProcessIdentity, Deque<Double>> histories, ProcessSnapshot process, double value) {
        Deque<Double> values = histories.computeIfAbsent(process.identity(), identity -> new ArrayDeque<>());
        values.addLast(value);
        if (values.size() > SAMPLES) {
            values.removeFirst();
        }
    }

    /** Returns the last state of the processes that exited in the last minute, the latest exit last. */
    List<ProcessSnapshot> exited() {
        return new ArrayList<>(exited.keySet());
    }

    /** Returns a bar for each sample, of which a full one is 100 percent or more. */
    String loadBars(ProcessSnapshot process) {
        return bars(loads.getOrDefault(process.identity(), new ArrayDeque<>()), 100);
    }

    /** Returns a bar for each sample, of which a full one is the most of all samples. */
    String memoryBars(ProcessSnapshot process) {
        Deque<Double> values = memory.getOrDefault(process.identity(), new ArrayDeque<>());
        return bars(values, values.stream().mapToDouble(value -> value).max().orElse(0));
    }

    static String bars(Iterable<Double> values, double full) {
        StringBuilder bars = new StringBuilder();
        for (double value : values) {
            int height = full <= 0 ? 0 : (int) Math.round(value / full * (BARS.length() - 1));
            bars.append(BARS.charAt(Math.max(0, Math.min(BARS.length() - 1, height))));
        }
        return bars.toString();
    }
}
