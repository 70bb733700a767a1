package org.processmanager.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.examples.demo.DemoReport.Role;
import org.processmanager.examples.demo.PartyProcess.Event;
import org.processmanager.examples.demo.PartyProcess.Stage;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the main job, seen from the parent.
 *
 * <p>It starts all parties, gives each its work, and lets them go together once all are ready. While they work it only
 * looks: at what they say, at whether they live, at their lines in the ledger. When the producers are done it puts one end
 * mark into the buffer for each consumer. A party that ends otherwise ends the run: the others may wait for what will never
 * come.
 *
 * <p>Whatever happens, {@link #close()} leaves no process and no file; it is called by a shutdown hook as well.
 */
public final class DemoRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoRun.class);
    private static final String BUFFER = "items";
    private static final int CELLS = 1024;
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration END_OF_KILLED = Duration.ofSeconds(10);

    private final DemoOptions options;
    private final Plan plan;
    private final ProcessManager manager = ProcessManager.create();
    private final List<PartyProcess> parties = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Path> files = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::cleanUp, "demo-clean-up");
    private volatile boolean closed;
    private boolean endMarksPut;
    private Progress progress = Progress.SILENT;
    private @Nullable Ledger ledgerToWatch;
    private long startNanos;

    private DemoRun(DemoOptions options, Plan plan) {
        this.options = options;
        this.plan = plan;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Reads the input and starts nothing.
     *
     * @throws BadInputException if a file cannot be read
     */
    public static DemoRun prepare(DemoOptions options) throws BadInputException {
        return new DemoRun(options, Plan.of(options.input(), options.producers()));
    }

    /** The buffer that all share. */
    static SharedBoundedBuffer buffer(SharedMemory memory) {
        return memory.boundedBuffer(BUFFER, CELLS, Cell.BYTES);
    }

    /**
     * Does the job.
     *
     * @return what came out, also when a party failed
     * @throws InterruptedException if interrupted, or closed by another thread
     * @throws ProcessManagerException if the region or the ledger cannot be made, or no process be started
     */
    public DemoReport run(Progress watcher) throws InterruptedException {
        progress = watcher;
        String name = "demo-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        try (SharedMemory memory = SharedMemory.named(name, OpenMode.CREATE_NEW, SharedMemory.megabytes(1))) {
            Path region = memory.path();
            Path ledgerFile = region.resolveSibling(name + ".ledger");
            willDelete(region);
            willDelete(ledgerFile);
            Ledger ledger = createLedger(ledgerFile);
            SharedBoundedBuffer buffer = buffer(memory);
            String failure = null;
            try {
                start(region, ledgerFile);
                startNanos = System.nanoTime();
                work(ledger, buffer);
            } catch (PartyFailure e) {
                failure = e.getMessage();
            } catch (IOException e) {
                failure = "cannot talk to a party: " + e.getMessage();
            }
            long elapsedNanos = startNanos == 0 ? 0 : System.nanoTime() - startNanos;
            endAll(failure != null);
            showProgress();
            List<DemoReport.Party> reports =
                    parties.stream().map(party -> party.report(ledger)).toList();
            return DemoReport.of(plan, ledger, reports, elapsedNanos, failure);
        }
    }

    /** Ends all parties and deletes all files. */
    @Override
    public void close() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs just now
        }
        manager.close();
    }

    private void start(Path region, Path ledgerFile) throws InterruptedException, IOException, PartyFailure {
        for (int number = 0; number < options.parties(); number++) {
            Role role = number < options.producers() ? Role.PRODUCER : Role.CONSUMER;
            PartyProcess party = PartyProcess.start(manager, role, number, region, ledgerFile, events);
            parties.add(party);
            if (closed) {
                party.kill(); // the one who closed may not have seen it
                throw new InterruptedException();
            }
        }
        for (int producer = 0; producer < options.producers(); producer++) {
            parties.get(producer).tellWork(plan.unitsOf(producer, options.producers()));
        }
        await(Stage.READY, parties);
    }

    private void work(Ledger ledger, SharedBoundedBuffer buffer)
            throws InterruptedException, IOException, PartyFailure {
        for (PartyProcess party : parties) {
            party.tellToGo();
        }
        ledgerToWatch = ledger;
        await(Stage.DONE, parties.subList(0, options.producers()));
        endMarksPut = true;
        for (int consumer = 0; consumer < options.consumers(); consumer++) {
            while (!buffer.offer(Cell.end(), GLANCE)) {
                takeEvents(Duration.ZERO);
            }
        }
        await(Stage.DONE, parties);
    }

    /** Waits until some parties have come so far, and shows the progress meanwhile. */
    private void await(Stage stage, List<PartyProcess> some) throws InterruptedException, PartyFailure {
        while (some.stream().anyMatch(party -> party.stage().compareTo(stage) < 0)) {
            takeEvents(GLANCE);
        }
    }

    private void takeEvents(Duration wait) throws InterruptedException, PartyFailure {
        Event event = events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        for (; event != null; event = events.poll()) {
            PartyProcess party = event.party();
            boolean hadDone = party.stage() == Stage.DONE;
            party.onEvent(event);
            if (closed) {
                throw new InterruptedException();
            }
            if (party.stage() == Stage.EXITED && !(hadDone && party.exit() == 0)) {
                throw new PartyFailure(party.describeEnd());
            }
            if (party.stage() == Stage.DONE && party.role() == Role.CONSUMER && !endMarksPut) {
                throw new PartyFailure(party.describe() + " says that it is done, and nobody told it so");
            }
        }
        showProgress();
    }

    private void showProgress() {
        Ledger ledger = ledgerToWatch;
        if (ledger != null) {
            long items = 0;
            for (int consumer = options.producers(); consumer < options.parties(); consumer++) {
                items += ledger.line(consumer).items();
            }
            progress.update(items, plan.expected().items(), System.nanoTime() - startNanos);
        }
    }

    /** Waits for the end of all parties, which those that are not done are helped to. */
    private void endAll(boolean failed) throws InterruptedException {
        long deadline = System.nanoTime() + END_OF_KILLED.toNanos();
        boolean killed = false;
        while (parties.stream().anyMatch(party -> party.stage() != Stage.EXITED)) {
            if (!killed && (failed || System.nanoTime() > deadline)) {
                parties.forEach(PartyProcess::kill);
                killed = true;
                deadline = System.nanoTime() + END_OF_KILLED.toNanos();
            } else if (killed && System.nanoTime() > deadline) {
                return; // their exit is reported as unknown
            }
            Event event = events.poll(GLANCE.toNanos(), TimeUnit.NANOSECONDS);
            if (event != null) {
                event.party().onEvent(event);
            }
        }
    }

    private Ledger createLedger(Path file) {
        try {
            return Ledger.create(file, options.parties(), plan.pieces());
        } catch (IOException e) {
            long bytes = LedgerDescriptor.bytes(options.parties(), plan.pieces());
            throw new ProcessManagerException("cannot write " + file + ", " + bytes + " bytes: " + e.getMessage(), e);
        }
    }

    private void willDelete(Path file) throws InterruptedException {
        files.add(file);
        if (closed) {
            delete(file); // the one who closed may not have seen it
            throw new InterruptedException();
        }
    }

    private void cleanUp() {
        closed = true;
        parties.forEach(PartyProcess::kill);
        files.forEach(DemoRun::delete);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("cannot delete {}; please do", file, e);
        }
    }

    /** A party did not do what it should; the message is for people. */
    private static final class PartyFailure extends Exception {
        private static final long serialVersionUID = 1L;

        PartyFailure(String message) {
            super(message);
        }
    }
}
