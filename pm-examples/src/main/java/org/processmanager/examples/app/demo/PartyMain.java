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
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.processmanager.examples.app.demo.DemoReport.Role;
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
    static final String RESUME = "resume";
    static final String READY = "ready";
    static final String DONE = "done";

    private static final int ABANDONED = 3;

    private final Path region;
    private final Path ledgerFile;
    private final RateLimiter pace;
    private final List<WorkUnit> units = new ArrayList<>();
    private final ProducerProgress course = new ProducerProgress();
    private final CountDownLatch go = new CountDownLatch(1);

    private PartyMain(Path region, Path ledgerFile, RateLimiter pace) {
        this.region = region;
        this.ledgerFile = ledgerFile;
        this.pace = pace;
    }

    /**
     * Runs a party.
     *
     * @param args role, number of the party, file of the region, file of the ledger, the least time for a line
     */
    public static void main(String[] args) {
        int code = 0;
        try {
            Role role = Role.valueOf(args[0].toUpperCase(Locale.ROOT));
            RateLimiter pace = new RateLimiter(Duration.parse(args[4]));
            new PartyMain(Path.of(args[2]), Path.of(args[3]), pace).run(role, Integer.parseInt(args[1]));
        } catch (IOException | RuntimeException | InterruptedException e) {
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            code = 1;
        }
        System.exit(code);
    }

    private void run(Role role, int party) throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(ledgerFile);
        try (SharedMemory memory = SharedMemory.open(region)) {
            SharedBoundedBuffer buffer = DemoRun.buffer(memory);
            Thread parent = new Thread(this::listen, "parent");
            parent.setDaemon(true);
            parent.start();
            say(READY);
            go.await();
            if (role == Role.PRODUCER) {
                new Producer(buffer, ledger.line(party), pace, course).produce(units);
            } else {
                new Consumer(buffer, ledger, ledger.line(party), pace).consume();
            }
            say(DONE);
        }
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
                }
            }
            Files.deleteIfExists(region);
            Files.deleteIfExists(ledgerFile);
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
