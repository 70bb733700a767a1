package org.processmanager.examples.app.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTree;
import org.processmanager.core.monitor.Sample;
import org.processmanager.core.monitor.Sampler;
import org.processmanager.examples.app.eventlog.LogRecord.ProcessSampled;

/**
 * Samples the load of the processes whose start it is notified of, each with its descendants, until they end or until it is
 * closed. A failure ends the sampling, not the command.
 */
final class Recorder implements EventListener, AutoCloseable {
    private static final long REPORTER = ProcessHandle.current().pid();
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final Duration every;
    private final Consumer<ProcessSampled> samples;
    private final Consumer<String> complaints;
    private final Map<Long, String> roots = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::work, "recorder");
    private boolean closed;

    private Recorder(Duration every, Consumer<ProcessSampled> samples, Consumer<String> complaints) {
        this.every = every;
        this.samples = samples;
        this.complaints = complaints;
        thread.setDaemon(true);
    }

    /**
     * Starts to sample.
     *
     * @param every the interval
     * @param samples receives the samples, on a thread of the recorder
     * @param complaints receives why the sampling ended early
     */
    static Recorder start(Duration every, Consumer<ProcessSampled> samples, Consumer<String> complaints) {
        Recorder recorder = new Recorder(every, samples, complaints);
        recorder.thread.start();
        return recorder;
    }

    /** Samples this process as well. */
    void addThisProcess(String name) {
        roots.put(REPORTER, name);
    }

    @Override
    public void onEvent(ProcessEvent event) {
        if (event instanceof ProcessStarted started) {
            roots.put(started.pid(), started.name());
        } else if (event instanceof ProcessEnded ended) {
            roots.remove(ended.pid());
        }
    }

    /** Ends the sampling; waits for a sample that is being taken, at most 5 s. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(CLOSE_BOUND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            Sampler sampler = Sampler.ofAll();
            while (isOpenAfter(every)) {
                record(sampler.sample());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ProcessManagerException | UnsupportedOperationException e) {
            complaints.accept("the load is not recorded: " + e.getMessage());
        }
    }

    private synchronized boolean isOpenAfter(Duration pause) throws InterruptedException {
        long start = System.nanoTime();
        long left = pause.toNanos();
        while (!closed && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = pause.toNanos() - (System.nanoTime() - start);
        }
        return !closed;
    }

    private void record(Sample sample) {
        Map<Long, ProcessSnapshot> byPid =
                sample.processes().stream().collect(Collectors.toMap(ProcessSnapshot::pid, Function.identity()));
        ProcessTree tree = ProcessTree.of(sample.processes());
        roots.forEach((pid, name) -> Optional.ofNullable(byPid.get(pid))
                .ifPresent(root -> samples.accept(sampled(sample, root, name, tree.descendants(pid)))));
    }

    private static ProcessSampled sampled(
            Sample sample, ProcessSnapshot root, String name, List<ProcessSnapshot> descendants) {
        double percent = sample.cpuPercent(root.pid()).orElse(0);
        long bytes = root.residentBytes();
        for (ProcessSnapshot process : descendants) {
            percent += sample.cpuPercent(process.pid()).orElse(0);
            bytes += process.residentBytes();
        }
        return new ProcessSampled(
                sample.time(), REPORTER, root.pid(), name, Math.round(percent), bytes, 1 + descendants.size());
    }
}
