package org.processmanager.examples.app.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ThreadOutcome;
import org.processmanager.core.thread.CancellableTask;
import org.processmanager.core.thread.ManagedThread;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.core.thread.Termination;
import org.processmanager.examples.UnusedRegions;
import org.processmanager.examples.app.demo.DemoReport.Role;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedMemory;

/**
 * The same job with threads of this process as parties: starts the producers, then after a delay the consumers, and joins
 * them all. Buffer and ledger are those of {@link DemoRun}, since all threads of a process share a handle of shared memory.
 */
public final class ThreadsRun implements Job {
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final DemoOptions options;
    private final Plan plan;
    private final ManagedThreads threads = ManagedThreads.create();
    private final List<ManagedThread> parties = new ArrayList<>();
    private final RunFiles files = new RunFiles();
    private final Thread hook = new Thread(files::deleteAll, "demo-clean-up");
    private Progress progress = Progress.SILENT;

    private ThreadsRun(DemoOptions options, Plan plan) {
        this.options = options;
        this.plan = plan;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Reads the input and starts nothing.
     *
     * @throws BadInputException if a file cannot be read
     */
    public static ThreadsRun prepare(DemoOptions options) throws BadInputException {
        return new ThreadsRun(options, Plan.of(options.input(), options.producers()));
    }

    @Override
    public void addListener(EventListener listener) {
        threads.addListener(listener);
    }

    @Override
    public DemoReport run(Progress watcher) throws InterruptedException {
        progress = watcher;
        RunFiles.deleteAbandoned(SharedMemory.directory(), UnusedRegions.latestCreation());
        String name = RunFiles.newName();
        Path region = SharedMemory.directory().resolve(name);
        Path ledgerFile = region.resolveSibling(name + ".ledger");
        try (SharedMemory memory = files.make(region, () -> SharedMemory.create(name, SharedMemory.megabytes(1)))) {
            Ledger ledger = files.make(ledgerFile, () -> Ledger.create(ledgerFile, options.parties(), plan.pieces()));
            long startNanos = System.nanoTime();
            String failure = work(DemoRun.buffer(memory), ledger, startNanos);
            long elapsedNanos = System.nanoTime() - startNanos;
            threads.close(); // before the memory that they use
            List<DemoReport.Party> reports = new ArrayList<>();
            for (int number = 0; number < parties.size(); number++) {
                reports.add(report(ledger.line(number), number));
            }
            return DemoReport.of(plan, ledger, reports, List.of(), elapsedNanos, failure);
        } catch (IOException e) {
            throw new ProcessManagerException("cannot write the ledger of the run: " + e.getMessage(), e);
        }
    }

    /** Ends all threads and deletes all files. */
    @Override
    public void close() {
        threads.close();
        files.deleteAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is exiting
        }
    }

    /** Runs all threads; returns why the run was aborted, or null. */
    private @Nullable String work(SharedBoundedBuffer buffer, Ledger ledger, long startNanos)
            throws InterruptedException {
        try {
            for (int number = 0; number < options.producers(); number++) {
                List<WorkUnit> units = plan.unitsOf(number, options.producers());
                Producer producer = new Producer(
                        PieceSink.of(buffer), ledger.line(number), pace(Role.producer), new ProducerProgress());
                start(Role.producer, number, cancellation -> producer.produce(units));
            }
            TimeUnit.NANOSECONDS.sleep(options.rates().consumersLater().toNanos());
            for (int number = options.producers(); number < options.parties(); number++) {
                Consumer consumer = new Consumer(ledger, ledger.line(number), pace(Role.consumer));
                start(Role.consumer, number, cancellation -> consumer.consume(buffer));
            }
            join(parties.subList(0, options.producers()), ledger, startNanos);
            for (int consumer = 0; consumer < options.consumers(); consumer++) {
                while (!buffer.offer(Cell.end(), GLANCE)) {
                    glance(ledger, startNanos);
                }
            }
            join(parties, ledger, startNanos);
            return null;
        } catch (PartyFailure e) {
            return e.getMessage();
        }
    }

    private RateLimiter pace(Role role) {
        return new RateLimiter(options.rates().every(role));
    }

    private void start(Role role, int number, CancellableTask task) {
        parties.add(threads.start(role.name() + " " + number, task));
    }

    private void join(List<ManagedThread> some, Ledger ledger, long startNanos)
            throws InterruptedException, PartyFailure {
        for (ManagedThread thread : some) {
            while (thread.join(GLANCE).isEmpty()) {
                glance(ledger, startNanos);
            }
        }
        glance(ledger, startNanos);
    }

    /** Reports the progress; a thread that failed ends the run, because the others may wait forever. */
    private void glance(Ledger ledger, long startNanos) throws InterruptedException, PartyFailure {
        for (ManagedThread thread : parties) {
            Termination end = thread.join(Duration.ZERO).orElse(null);
            if (end != null && end.outcome() != ThreadOutcome.COMPLETED) {
                throw new PartyFailure(thread.name() + " ended too early: " + end.failure());
            }
        }
        long items = 0;
        for (int consumer = options.producers(); consumer < parties.size(); consumer++) {
            items += ledger.line(consumer).items();
        }
        progress.update(items, plan.expected().items(), System.nanoTime() - startNanos);
    }

    private DemoReport.Party report(Ledger.Line line, int number) throws InterruptedException {
        Role role = number < options.producers() ? Role.producer : Role.consumer;
        boolean completed = parties.get(number)
                .join(Duration.ZERO)
                .map(end -> end.outcome() == ThreadOutcome.COMPLETED)
                .orElse(false);
        long pid = ProcessHandle.current().pid();
        return new DemoReport.Party(role, pid, line.items(), line.waitedNanos(), completed ? 0 : 1);
    }

    /** A party failed; the message describes it. */
    private static final class PartyFailure extends Exception {
        private static final long serialVersionUID = 1L;

        PartyFailure(String message) {
            super(message);
        }
    }
}
