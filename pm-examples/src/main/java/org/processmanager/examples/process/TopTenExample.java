package org.processmanager.examples.process;

import java.util.Comparator;
import java.util.List;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;
import org.processmanager.core.monitor.Sampler;

/** Lists the ten processes with the highest load; here of a manager, with {@code Sampler.ofAll()} of the system. */
public final class TopTenExample {
    /** Percent of one processor. */
    private static final double BUSY = 1;

    private TopTenExample() {}

    public static void main(String[] args) throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            manager.command("sleep", "600").start();
            manager.command("sha256sum", "/dev/zero").start(); // never ends by itself
            Sampler sampler = Sampler.startedBy(manager);
            Sample sample;
            do {
                Thread.sleep(100);
                sample = sampler.sample();
            } while (load(sample, top(sample).get(0)) < BUSY);
            for (ProcessSnapshot process : top(sample)) {
                System.out.println(process.name() + (load(sample, process) < BUSY ? " is idle" : " is busy"));
            }
        }
    }

    private static List<ProcessSnapshot> top(Sample sample) {
        return sample.processes().stream()
                .sorted(Comparator.comparingDouble((ProcessSnapshot process) -> load(sample, process))
                        .reversed())
                .limit(10)
                .toList();
    }

    private static double load(Sample sample, ProcessSnapshot process) {
        return sample.cpuPercent(process.pid()).orElse(0);
    }
}
