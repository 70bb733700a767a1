package org.processmanager.examples.app.cli.top;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;

/** CPU and memory of processes over the last samples, and the processes that exited in the last minute. Not thread-safe. */
final class LoadHistory {
    /** The samples that are kept of each process. */
    static final int SAMPLES = 60;

    private static final Duration SHOWN_AFTER_EXIT = Duration.ofMinutes(1);
    private static final String BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

    private final Map<ProcessIdentity, Series> series = new HashMap<>();
    private final Map<ProcessSnapshot, Instant> exited = new LinkedHashMap<>();

    /** The last values of a process, in rings. */
    private static final class Series {
        final float[] loads = new float[SAMPLES];
        final float[] bytes = new float[SAMPLES];
        int count;

        void add(double load, long size) {
            loads[count % SAMPLES] = (float) load;
            bytes[count % SAMPLES] = size;
            count++;
        }

        float[] last(float[] ring, int most) {
            int length = Math.min(Math.min(count, most), SAMPLES);
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = ring[(count - length + i) % SAMPLES];
            }
            return values;
        }
    }

    void add(Sample sample) {
        for (ProcessSnapshot process : sample.processes()) {
            Series values = series.get(process.identity());
            if (values == null) {
                values = new Series();
                series.put(process.identity(), values);
            }
            values.add(sample.cpuPercent(process.pid()).orElse(0), process.residentBytes());
        }
        sample.exited().forEach(process -> exited.put(process, sample.time()));
        exited.entrySet().removeIf(entry -> {
            boolean old = entry.getValue().plus(SHOWN_AFTER_EXIT).isBefore(sample.time());
            if (old) {
                series.remove(entry.getKey().identity());
            }
            return old;
        });
    }

    /** Returns the last state of the processes that exited in the last minute, the latest exit last. */
    List<ProcessSnapshot> exited() {
        return new ArrayList<>(exited.keySet());
    }

    /** Returns a bar for each of the last samples, of which a full one is 100 percent or more. */
    String loadBars(ProcessSnapshot process, int most) {
        Series values = series.get(process.identity());
        return values == null ? "" : bars(values.last(values.loads, most), 100);
    }

    /** Returns a bar for each of the last samples, of which a full one is the most of them. */
    String memoryBars(ProcessSnapshot process, int most) {
        Series values = series.get(process.identity());
        if (values == null) {
            return "";
        }
        float[] last = values.last(values.bytes, most);
        float full = 0;
        for (float value : last) {
            full = Math.max(full, value);
        }
        return bars(last, full);
    }

    static String bars(float[] values, float full) {
        StringBuilder bars = new StringBuilder(values.length);
        for (float value : values) {
            int height = full <= 0 ? 0 : Math.round(value / full * (BARS.length() - 1));
            bars.append(BARS.charAt(Math.max(0, Math.min(BARS.length() - 1, height))));
        }
        return bars.toString();
    }
}
