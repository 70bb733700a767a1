package org.processmanager.examples.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.processmanager.examples.app.demo.DemoOptions.Transport;
import org.processmanager.examples.app.demo.DemoReport.Role;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedMemory;

/**
 * One party as a process.
 *
 * <pre>
 *   parent to party (stdin)     unit LINE       work for a producer, any number of times
 *                               barrier N       a producer stops after N lines
 *                               after N         a producer continues after N pieces that a dead one has put
 *                               go              after all parties are ready
 *                               resume          a producer continues behind its barrier
 *                               again           a consumer takes the place of a dead one
 *                               (end of file)   the parent has exited or ends the run
 *   party to parent (stdout)    ready           everything is open, the work is known
 *                               done            the work is done
 * </pre>
 *
 * A party that outlives its parent deletes the shared files and exits.
 */
public final class PartyMain {
    static final String UNIT = "unit ";
    static final String BARRIER = "barrier ";
    static final String AFTER = "after ";
    static final String GO = "go";
    static final String AGAIN = "again";
    static final String RESUME = "resume";
    static final String READY = "ready";
    static final String DONE = "done";

    private static final int ABANDONED = 3;

    private final Path region;
    private final Path ledgerFile;
    private final RateLimiter pace;
    private final Transport transport;
    private final PieceChannels channels;
    private final List<Path> files;
    private final List<WorkUnit> units = new ArrayList<>();
    private final ProducerProgress course = new ProducerProgress();
    private final CountDownLatch go = new CountDownLatch(1);

    private volatile boolean again;

    private PartyMain(String... args) {
        region = Path.of(args[2]);
        ledgerFile = Path.of(args[3]);
        pace = new RateLimiter(Duration.parse(args[4]));
        transport = Transport.valueOf(args[5]);
        int producers = Integer.parseInt(args[6]);
        int consumers = Integer.parseInt(args[7]);
        channels = new PieceChannels(transport, region, producers, consumers);
        files = PieceChannels.files(region, consumers);
    }

    /**
     * Runs a party.
     *
     * @param args role, number of the party, file of the region, file of the ledger, the least time for a line, transport,
     *     numbers of producers and of consumers
     */
    public static void main(String[] args) {
        int code = 0;
        try {
            Role role = Role.valueOf(args[0]);
            new PartyMain(args).run(role, Integer.parseInt(args[1]));
        } catch (IOException | RuntimeException | InterruptedException e) {
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            code = 1;
        }
        System.exit(code);
    }

    private void run(Role role, int party) throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(ledgerFile);
        Ledger.Line line = ledger.line(party);
        if (transport == Transport.buffer) {
            try (SharedMemory memory = SharedMemory.open(region)) {
                SharedBoundedBuffer buffer = DemoRun.buffer(memory);
                awaitGo();
                if (role == Role.producer) {
                    new Producer(PieceSink.of(buffer), line, pace, course).produce(units);
                } else {
                    new Consumer(ledger, line, pace).consume(buffer);
                }
            }
        } else if (role == Role.producer) {
            try (channels) {
                List<MessageSender> senders = channels.openSenders();
                awaitGo();
                new Producer(PieceSink.of(senders), line, pace, course).produce(units);
            }
        } else {
            try (MessageReceiver receiver = channels.openReceiver(party)) {
                awaitGo();
                new Consumer(ledger, line, pace).consume(receiver, again);
            }
        }
        say(DONE);
    }

    private void awaitGo() throws InterruptedException {
        Thread parent = new Thread(this::listen, "parent");
        parent.setDaemon(true);
        parent.start();
        say(READY);
        go.await();
    }

    private void listen() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) {
                if (line.startsWith(UNIT)) {
                    units.add(WorkUnit.fromLine(line.substring(UNIT.length())));
                } else if (line.startsWith(BARRIER)) {
                    course.barrierAfter(Long.parseLong(line.substring(BARRIER.length())));
                } else if (line.startsWith(AFTER)) {
                    course.continueAfter(Long.parseLong(line.substring(AFTER.length())));
                } else if (line.equals(GO)) {
                    go.countDown();
                } else if (line.equals(RESUME)) {
                    course.resume();
                } else if (line.equals(AGAIN)) {
                    again = true;
                }
            }
            Files.deleteIfExists(region);
            Files.deleteIfExists(ledgerFile);
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("cannot read from the parent: " + e);
        } finally {
            Runtime.getRuntime().halt(ABANDONED);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
