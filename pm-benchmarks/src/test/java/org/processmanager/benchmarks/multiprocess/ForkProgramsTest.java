package org.processmanager.benchmarks.multiprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.benchmarks.multiprocess.lock.BarrierProgram;
import org.processmanager.benchmarks.multiprocess.lock.Barriers;
import org.processmanager.benchmarks.multiprocess.lock.ContentionProgram;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;
import org.processmanager.benchmarks.multiprocess.lock.PingPongProgram;
import org.processmanager.benchmarks.multiprocess.lock.UncontendedProgram;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.RingProgram;
import org.processmanager.benchmarks.multiprocess.message.RoundTripProgram;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;
import org.processmanager.benchmarks.multiprocess.process.CaptureProgram;
import org.processmanager.benchmarks.multiprocess.process.Launching;
import org.processmanager.benchmarks.multiprocess.process.PumpProgram;
import org.processmanager.benchmarks.multiprocess.process.SpawnProgram;
import org.processmanager.benchmarks.peers.BlockingQueueTransport;
import org.processmanager.benchmarks.peers.CyclicBarriers;
import org.processmanager.benchmarks.peers.JucConditions;
import org.processmanager.benchmarks.peers.JucSemaphores;
import org.processmanager.benchmarks.peers.PipeTransport;
import org.processmanager.benchmarks.peers.ProcessBuilderEchoing;
import org.processmanager.benchmarks.peers.ProcessBuilderLaunching;
import org.processmanager.benchmarks.peers.ReentrantLocks;
import org.processmanager.benchmarks.peers.ReentrantReadWriteLocks;
import org.processmanager.benchmarks.peers.UnixSocketTransport;

/**
 * Runs the programs of the forks briefly with candidates of the JDK, and with wrong candidates that they must detect.
 */
@Timeout(60)
class ForkProgramsTest {
    private static final Params READS_AND_WRITES = Params.of("reads-in-ten", 9, "section-micros", 1, "numbers", 4);

    @TempDir
    private Path directory;

    @Test
    void spawn_countsLaunches() throws Exception {
        assertTrue(only(run(new SpawnProgram(), ProcessBuilderLaunching.class, Params.of()))
                        .count()
                > 0);
        Result side = only(
                run(new SpawnProgram(), ProcessBuilderLaunching.class, Params.of("threads", 2, "idle-children", 3)));
        assertTrue(side.mean() > 1, "launches per second: " + side.mean());
    }

    @Test
    void spawn_wrongExitCode_fails() {
        assertFails("exit code of /bin/true: expected 0, got 1", new SpawnProgram(), WrongLaunching.class, Params.of());
    }

    @Test
    void spawn_exitedIdleChildren_fail() throws Exception {
        Params one = Params.of("idle-children", 1, "timeout", 100);
        run(new SpawnProgram(), ProcessBuilderLaunching.class, one);
        assertFails("idle children: expected 1, only 0 are alive", new SpawnProgram(), WrongLaunching.class, one);
    }

    @Test
    void warmUp_endsAfterEnoughOperations() throws Exception {
        Params soonWarm = Params.of("warm-up", 1, "millis", 60_000);
        Plan plan = Plan.of(soonWarm, 1);
        assertTrue(plan.warmUp().continues(0), "at least one operation");
        assertFalse(plan.warmUp().continues(1));
        assertTrue(plan.measuring().continues(1), "measures until its time is over");
        assertEquals(60_000_000_000L, plan.warmUpNanos() + plan.measureNanos());
        assertTrue(
                plan.measureNanos() < Plan.of(Params.of("millis", 60_000), 1).measureNanos(), "more time to warm up");
        assertFalse(Plan.of(soonWarm.with("millis", 0), 1).measuring().continues(1));
    }

    @Test
    void capture_missingByte_fails() throws Exception {
        run(new CaptureProgram(), ProcessBuilderLaunching.class, Params.of("output", "1k"));
        assertFails(
                "bytes captured of /usr/bin/printf: expected 1000, got 999",
                new CaptureProgram(),
                WrongLaunching.class,
                Params.of("output", "1k"));
    }

    @Test
    void pump_hasPublishedChecksum() throws Exception {
        Params two = Params.of("processes", 2, "rounds", 1);
        assertEquals(
                1,
                only(run(new PumpProgram(), ProcessBuilderEchoing.class, two)).count());
        Params fewer = two.with("writes", 3);
        assertEquals(
                1,
                only(run(new PumpProgram(), ProcessBuilderEchoing.class, fewer)).count());
    }

    @Test
    void ring_betweenThreadsAndProcesses_isVerified() throws Exception {
        List<Result> results = run(new RingProgram(), BlockingQueueTransport.class, ring(2, 2, 1));
        assertEquals(
                List.of("put/take", "offer/poll, easing"),
                results.stream().map(Result::variant).toList());
        assertTrue(only(run(new RingProgram(), PipeTransport.class, ring(1, 1, 32)))
                        .mean()
                > 0);
        assertTrue(only(run(new RingProgram(), UnixSocketTransport.class, ring(1, 1, 1)))
                        .peakRssBytes()
                > 1e7);
    }

    @Test
    void ring_lostMessage_fails() {
        assertFails("message 1 came after message -1", new RingProgram(), LosingTransport.class, ring(1, 1, 1));
    }

    @Test
    void ring_rejectedMessage_isOfferedAgain() throws Exception {
        assertTrue(only(run(new RingProgram(), RefusingTransport.class, ring(1, 1, 32)))
                        .mean()
                > 0);
    }

    @Test
    void roundTrip_measuresEchoes() throws Exception {
        Params spinning = ring(1, 1, 1).with("mode", "spinning");
        List<Result> results = run(new RoundTripProgram(), BlockingQueueTransport.class, spinning);
        assertTrue(results.get(0).mean() > 0);
    }

    @Test
    void locks_inAllPrograms_areVerified() throws Exception {
        assertTrue(only(run(new UncontendedProgram(), ReentrantLocks.class, Params.of()))
                        .mean()
                > 0);
        assertTrue(only(run(new PingPongProgram(), ReentrantLocks.class, Params.of()))
                        .count()
                > 0);
        assertTrue(only(run(new PingPongProgram(), JucSemaphores.class, Params.of()))
                        .count()
                > 0);
        assertTrue(only(run(new PingPongProgram(), JucConditions.class, Params.of()))
                        .count()
                > 0);
        assertTrue(only(run(new ContentionProgram(), ReentrantLocks.class, Params.of()))
                        .smallestShare()
                <= 0.25);
        assertTrue(only(run(new ContentionProgram(), ReentrantReadWriteLocks.class, READS_AND_WRITES))
                        .smallestShare()
                <= 0.25);
        assertTrue(only(run(new BarrierProgram(), CyclicBarriers.class, Params.of()))
                        .mean()
                > 0);
    }

    @Test
    void contention_withoutExclusion_fails() {
        assertFails("sections passed", new ContentionProgram(), NoLocks.class, Params.of());
        assertFails("read while another worker wrote", new ContentionProgram(), NoLocks.class, READS_AND_WRITES);
    }

    @Test
    void barrier_withoutWaiting_fails() {
        assertFails("was in round", new BarrierProgram(), NoBarriers.class, Params.of());
    }

    private List<Result> run(ForkProgram program, Class<?> adapter, Params params) throws Exception {
        Path scratch = Files.createTempDirectory(directory, "fork-"); // each fork has its own
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Results results = new Results(new PrintStream(out, true));
        program.run(params.with("adapter", adapter.getName(), "scratch", scratch, "millis", 60), results);
        results.verified();
        return out.toString()
                .lines()
                .filter(line -> line.startsWith(Results.PREFIX + Results.RESULT))
                .map(line -> Result.of(Params.ofLine(line.substring((Results.PREFIX + Results.RESULT).length()))))
                .toList();
    }

    private void assertFails(String message, ForkProgram program, Class<?> adapter, Params params) {
        Throwable e = assertThrows(VerificationException.class, () -> run(program, adapter, params));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static Result only(List<Result> results) {
        assertEquals(1, results.size());
        return results.get(0);
    }

    private static Params ring(int senders, int receivers, int batch) {
        return Params.of(
                "senders",
                senders,
                "receivers",
                receivers,
                "batch",
                batch,
                "bytes",
                64,
                "capacity",
                1 << 16,
                "mode",
                "throughput");
    }

    /** Runs a different program, and loses a byte. */
    public static final class WrongLaunching implements Launching {
        private final Launching correct;

        public WrongLaunching(Params settings) {
            correct = new ProcessBuilderLaunching(settings);
        }

        @Override
        public int run(String... command) throws Exception {
            return correct.run("/bin/false");
        }

        @Override
        public byte[] capture(String... command) throws Exception {
            byte[] all = correct.capture(command);
            return Arrays.copyOf(all, all.length - 1);
        }

        @Override
        public void start(String... command) throws Exception {
            correct.run("/bin/true"); // has exited when it should wait
        }
    }

    /** Reports its first message as sent without sending it. */
    public static final class LosingTransport extends ThreadsTransport {
        public LosingTransport(Params settings) {
            super(settings);
        }

        @Override
        public Sender sender(int index) throws Exception {
            Sender sender = correct.sender(index);
            return head -> head == 0 || sender.offer(head);
        }
    }

    /** Rejects every seventh message once, and then expects the same message again. */
    public static final class RefusingTransport extends ThreadsTransport {
        public RefusingTransport(Params settings) {
            super(settings);
        }

        @Override
        public List<String> variants() {
            return List.of("offer/poll, easing");
        }

        @Override
        public Sender sender(int index) throws Exception {
            Sender sender = correct.sender(index);
            return new Sender() {
                private static final long NONE = Long.MIN_VALUE;
                private long offers;
                private long rejected = NONE;

                @Override
                public boolean offer(long head) throws Exception {
                    if (rejected == NONE && ++offers % 7 == 0) {
                        rejected = head;
                        return false;
                    }
                    if (rejected != NONE) {
                        VerificationException.expect("offered after a rejection", rejected, head);
                    }
                    rejected = sender.offer(head) ? NONE : head;
                    return rejected == NONE;
                }
            };
        }
    }

    /** A correct transport; its subclasses introduce errors. */
    abstract static class ThreadsTransport implements Transport {
        final Transport correct;

        ThreadsTransport(Params settings) {
            correct = new BlockingQueueTransport(settings);
        }

        @Override
        public boolean crossesProcesses() {
            return false;
        }

        @Override
        public List<String> variants() {
            return correct.variants();
        }

        @Override
        public Idle idle(String variant) {
            return correct.idle(variant);
        }

        @Override
        public Receiver receiver(int index) throws Exception {
            return correct.receiver(index);
        }
    }

    /** A barrier that does not wait. */
    public static final class NoBarriers implements Barriers {
        public NoBarriers(Params settings) {}

        @Override
        public boolean crossesProcesses() {
            return false;
        }

        @Override
        public Barrier open(int parties) {
            return () -> {};
        }
    }

    /** Locks that do not exclude. */
    public static final class NoLocks implements Locks {
        public NoLocks(Params settings) {}

        @Override
        public boolean crossesProcesses() {
            return false;
        }

        @Override
        public boolean releasableByOthers() {
            return false;
        }

        @Override
        public Lock open(int number, int permits) {
            return new Lock() {
                @Override
                public void acquire() {}

                @Override
                public void release() {}
            };
        }
    }
}
