package org.processmanager.examples.app.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;
import org.processmanager.examples.UnusedRegions;
import org.processmanager.examples.app.demo.DemoOptions.Transport;
import org.processmanager.examples.app.demo.DemoReport.Role;
import org.processmanager.examples.app.demo.PartyProcess.Event;
import org.processmanager.examples.app.demo.PartyProcess.Stage;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedMemory;

/**
 * One run of the demo with processes, from the parent.
 *
 * <p>It starts all parties, assigns the work, and lets them begin at the same time. While they work it only observes their
 * messages, their liveness and their lines in the ledger. When the producers are done it puts one end mark into the buffer
 * for each consumer. A party that exits earlier ends the run, because the others may wait forever; a party that this run
 * kills on request is replaced instead.
 *
 * <p>{@link #close()} leaves neither processes nor files after any outcome; a shutdown hook calls it as well.
 */
public final class DemoRun implements Job {
    private static final String BUFFER = "items";
    private static final int CELLS = 1024;
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration SHORT_GLANCE = Duration.ofMillis(1);
    private static final long FEWEST_ITEMS_TO_KILL = 100;
    private static final long ITEMS_PER_PRODUCER_TO_KILL = 4;
    private static final Duration END_OF_DEAF = Duration.ofSeconds(2);
    private static final Duration END_OF_KILLED = Duration.ofSeconds(10);

    private final DemoOptions options;
    private final Plan plan;
    private final ProcessManager manager = ProcessManager.create();
    private final List<PartyProcess> parties = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final RunFiles files = new RunFiles();
    private final Thread hook = new Thread(this::cleanUp, "demo-clean-up");
    private volatile boolean closed;
    private final List<DemoReport.Killed> killed = new ArrayList<>();
    private @Nullable PartyProcess victim;
    private DemoReport.@Nullable Party reportOfVictim;
    private boolean endMarksPut;
    private Progress progress = Progress.SILENT;
    private @Nullable Ledger ledgerToWatch;
    private volatile @Nullable PieceChannels channels;
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
        Plan plan = Plan.of(options.input(), options.producers());
        long fewest = Math.max(FEWEST_ITEMS_TO_KILL, ITEMS_PER_PRODUCER_TO_KILL * options.producers());
        if (options.kill() != null && plan.expected().items() < fewest) {
            throw new BadInputException(
                    "too little input to kill a party in the middle of it: "
                            + plan.expected().items() + " lines (expected: " + fewest + " or more)",
                    null);
        }
        return new DemoRun(options, plan);
    }

    /** Returns the buffer that all parties share. */
    static SharedBoundedBuffer buffer(SharedMemory memory) {
        return memory.boundedBuffer(BUFFER, CELLS, Cell.BYTES);
    }

    @Override
    public void addListener(EventListener listener) {
        manager.addListener(listener);
    }

    @Override
    public DemoReport run(Progress watcher) throws InterruptedException {
        progress = watcher;
        RunFiles.deleteAbandoned(SharedMemory.directory(), UnusedRegions.latestCreation());
        String name = RunFiles.newName();
        Path region = SharedMemory.directory().resolve(name);
        Path ledgerFile = region.resolveSibling(name + ".ledger");
        try (SharedMemory memory = files.make(region, () -> SharedMemory.create(name, SharedMemory.megabytes(1)))) {
            Ledger ledger = files.make(ledgerFile, () -> createLedger(ledgerFile));
            SharedBoundedBuffer buffer = buffer(memory);
            PieceChannels pieces =
                    new PieceChannels(options.transport(), region, options.producers(), options.consumers());
            channels = pieces;
            for (Path file : PieceChannels.files(region, options.consumers())) {
                files.make(file, () -> file); // the parties create it
            }
            pieces.create();
            String failure = null;
            try {
                start(region, ledgerFile);
                startNanos = System.nanoTime();
                release(ledger);
                Role role = options.kill();
                if (role != null) {
                    killOne(role, ledger, region, ledgerFile);
                }
                work(buffer);
            } catch (PartyFailure e) {
                failure = e.getMessage();
            } catch (IOException e) {
                failure = whoEnded(e);
            }
            long elapsedNanos = startNanos == 0 ? 0 : System.nanoTime() - startNanos;
            endAll(failure != null);
            showProgress();
            return DemoReport.of(plan, ledger, reports(ledger), killed, elapsedNanos, failure);
        }
    }

    /** Ends all parties and deletes all files. */
    @Override
    public void close() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is exiting
        }
        manager.close();
    }

    private void start(Path region, Path ledgerFile) throws InterruptedException, IOException, PartyFailure {
        for (int number = 0; number < options.parties(); number++) {
            parties.add(startParty(number, region, ledgerFile));
        }
        for (int producer = 0; producer < options.producers(); producer++) {
            parties.get(producer).sendWork(plan.unitsOf(producer, options.producers()));
            if (options.kill() != null) {
                parties.get(producer).sendBarrier((itemsOf(producer) + 1) / 2);
            }
        }
        await(Stage.READY, parties);
        if (options.transport() != Transport.buffer) {
            Objects.requireNonNull(channels).connect();
        }
    }

    private PartyProcess startParty(int number, Path region, Path ledgerFile) throws InterruptedException {
        Role role = number < options.producers() ? Role.producer : Role.consumer;
        PartyProcess party = PartyProcess.start(
                manager, role, number, region, ledgerFile, options, Objects.requireNonNull(channels), events);
        if (closed) {
            party.kill(); // close() may have missed it
            throw new InterruptedException();
        }
        return party;
    }

    /** Returns the number of lines that end in a producer's share of the work. */
    private long itemsOf(int producer) {
        long items = 0;
        for (WorkUnit unit : plan.unitsOf(producer, options.producers())) {
            for (long piece = unit.firstPiece(); piece < unit.firstPiece() + unit.pieces(); piece++) {
                items += plan.endsItem((int) piece) ? 1 : 0;
            }
        }
        return items;
    }

    /**
     * Kills a party when a quarter of the lines is counted, and starts another in its place. All producers stop at a barrier in
     * the middle of their work, so that the kill comes in time; they continue together with the new one.
     */
    private void killOne(Role role, Ledger ledger, Path region, Path ledgerFile)
            throws InterruptedException, IOException, PartyFailure {
        long quarter = (plan.expected().items() + 3) / 4;
        while (countedItems(ledger) < quarter) {
            takeEvents(SHORT_GLANCE);
        }
        int number = role == Role.consumer ? options.producers() : producerWithMost();
        PartyProcess old = parties.get(number);
        victim = old;
        old.kill();
        killed.add(new DemoReport.Killed(role, old.pid(), countedItems(ledger)));
        await(Stage.EXITED, List.of(old));
        reportOfVictim = old.report(ledger, null);
        PartyProcess next = startParty(number, region, ledgerFile);
        parties.set(number, next);
        if (role == Role.producer) {
            next.sendWork(plan.unitsOf(number, options.producers()));
            next.sendContinueAfter(ledger.line(number).pieces());
        } else {
            next.sendAgain();
        }
        await(Stage.READY, List.of(next));
        next.sendGo();
        for (PartyProcess producer : parties.subList(0, options.producers())) {
            producer.sendResume();
        }
    }

    private int producerWithMost() {
        int most = 0;
        for (int producer = 1; producer < options.producers(); producer++) {
            most = itemsOf(producer) > itemsOf(most) ? producer : most;
        }
        return most;
    }

    private void release(Ledger ledger) throws InterruptedException, IOException {
        for (PartyProcess party : parties.subList(0, options.producers())) {
            party.sendGo();
        }
        ledgerToWatch = ledger;
        TimeUnit.NANOSECONDS.sleep(options.rates().consumersLater().toNanos());
        for (PartyProcess party : parties.subList(options.producers(), options.parties())) {
            party.sendGo();
        }
    }

    private void work(SharedBoundedBuffer buffer) throws InterruptedException, PartyFailure {
        await(Stage.DONE, parties.subList(0, options.producers()));
        endMarksPut = true;
        if (options.transport() != Transport.buffer) {
            Objects.requireNonNull(channels).close();
            await(Stage.DONE, parties);
            return;
        }
        for (int consumer = 0; consumer < options.consumers(); consumer++) {
            while (!buffer.offer(Cell.end(), GLANCE)) {
                takeEvents(Duration.ZERO);
            }
        }
        await(Stage.DONE, parties);
    }

    /** Waits until some parties have reached a stage, and reports the progress. */
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
            if (party.stage() == Stage.EXITED && party != victim && !(hadDone && party.exit() == 0)) {
                throw new PartyFailure(party.describeEnd());
            }
            if (party.stage() == Stage.DONE && party.role() == Role.consumer && !endMarksPut) {
                throw new PartyFailure(party.describe() + " reports the end of its work without an end mark");
            }
        }
        showProgress();
    }

    /** Describes the party whose input is closed by its exit, which explains more than the broken pipe. */
    private String whoEnded(IOException e) throws InterruptedException {
        try {
            for (long start = System.nanoTime(); System.nanoTime() - start < END_OF_DEAF.toNanos(); ) {
                takeEvents(GLANCE);
            }
        } catch (PartyFailure failure) {
            return String.valueOf(failure.getMessage());
        }
        return "cannot talk to a party: " + e.getMessage();
    }

    private void showProgress() {
        Ledger ledger = ledgerToWatch;
        if (ledger != null) {
            progress.update(countedItems(ledger), plan.expected().items(), System.nanoTime() - startNanos);
        }
    }

    private long countedItems(Ledger ledger) {
        long items = 0;
        for (int consumer = options.producers(); consumer < options.parties(); consumer++) {
            items += ledger.line(consumer).items();
        }
        return items;
    }

    private List<DemoReport.Party> reports(Ledger ledger) {
        List<DemoReport.Party> reports = new ArrayList<>();
        PartyProcess old = victim;
        for (PartyProcess party : parties) {
            DemoReport.Party before =
                    old != null && old != party && party.number() == old.number() ? reportOfVictim : null;
            if (before != null) {
                reports.add(before);
            }
            reports.add(party.report(ledger, before));
        }
        return reports;
    }

    /** Waits for the exit of all parties, and stops those that are not done. */
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
            long bytes = LedgerLayout.bytes(options.parties(), plan.pieces());
            throw new ProcessManagerException("cannot write " + file + ", " + bytes + " bytes: " + e.getMessage(), e);
        }
    }

    private void cleanUp() {
        closed = true;
        parties.forEach(PartyProcess::kill);
        PieceChannels opened = channels;
        if (opened != null) {
            opened.close();
        }
        files.deleteAll();
    }

    /** A party failed; the message describes it. */
    private static final class PartyFailure extends Exception {
        private static final long serialVersionUID = 1L;

        PartyFailure(String message) {
            super(message);
        }
    }
}
