package org.processmanager.examples.app.cli.top;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.Sample;

/** Samples of processes that do not exist. Their pids are so high that none is that of this process or a parent. */
final class Samples {
    static final long BASE = 1L << 40;

    private final List<ProcessSnapshot> processes = new ArrayList<>();
    private final List<ProcessSnapshot> exited = new ArrayList<>();
    private final Map<Long, Double> loads = new HashMap<>();

    static ProcessSnapshot process(long pid, long parent, String name, long mebibytes) {
        return new ProcessSnapshot(
                new ProcessIdentity(pid, 1, ""),
                parent,
                name,
                ProcessSnapshot.State.SLEEPING,
                pid % 2 == 0 ? "even" : "odd",
                0,
                Duration.ofMillis(pid % BASE),
                mebibytes << 20,
                1,
                Instant.EPOCH,
                false,
                "/bin/" + name + " argument",
                Optional.empty());
    }

    /** Adds a process; pids are counted from the base. */
    Samples add(long pid, long parent, String name, double load, long mebibytes) {
        processes.add(process(BASE + pid, BASE + parent, name, mebibytes));
        loads.put(BASE + pid, load);
        return this;
    }

    Samples exited(long pid, String name) {
        exited.add(process(BASE + pid, BASE, name, 1));
        return this;
    }

    List<Exit> exits(String status) {
        return exited.stream().map(process -> new Exit(process, status)).toList();
    }

    Sample sample() {
        return new Sample(Instant.EPOCH, Duration.ofSeconds(1), processes, exited, loads);
    }

    /** A server with two children, one of which has a child; and a shell. */
    static Samples family() {
        return new Samples()
                .add(1, 0, "server", 1, 40)
                .add(2, 1, "worker-a", 50, 30)
                .add(3, 1, "worker-b", 20, 20)
                .add(4, 3, "helper", 5, 10)
                .add(5, 0, "shell", 0, 50);
    }
}
