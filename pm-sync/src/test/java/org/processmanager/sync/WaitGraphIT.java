package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildReply;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** Who waits for whom across processes. */
class WaitGraphIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long ROUNDS = Soak.scaled(100_000, 300);

    private static List<ChildJvm> children;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory one;
    private SharedMemory other;

    @BeforeAll
    static void start() {
        children = List.of(
                ChildJvm.start(GraphParty.class), ChildJvm.start(GraphParty.class), ChildJvm.start(GraphParty.class));
    }

    @AfterAll
    static void end() {
        children.forEach(ChildJvm::close);
    }

    @BeforeEach
    void open() {
        one = SharedMemory.create(tmp.path("one"), Party.BYTES);
        other = SharedMemory.create(tmp.path("other"), Party.BYTES);
        for (ChildJvm child : children) {
            child.call("open", one.path());
            child.call("open", other.path());
        }
    }

    @AfterEach
    void close() {
        for (ChildJvm child : children) {
            if (child.isAlive()) {
                child.call("close", one.path());
                child.call("close", other.path());
            }
        }
        one.close();
        other.close();
    }

    private static WaitGraph.Deadlock awaitDeadlock(Path... regions) {
        AtomicReference<WaitGraph> graph = new AtomicReference<>();
        Eventually.assertThat(LONG, "a deadlock is found", () -> {
            graph.set(WaitGraph.of(regions));
            return !graph.get().deadlocks().isEmpty();
        });
        assertEquals(1, graph.get().deadlocks().size());
        return graph.get().deadlocks().get(0);
    }

    /** The cycle, from the thread with a name on. */
    private static String describe(WaitGraph.Deadlock deadlock, String first) {
        List<String> threads = deadlock.waits().stream()
                .map(wait -> wait.pid() + " " + wait.threadName() + " " + wait.purpose() + " " + wait.object())
                .collect(Collectors.toList());
        while (!threads.get(0).contains(" " + first + " ")) {
            threads.add(threads.remove(0));
        }
        return String.join(", ", threads);
    }

    @Test
    @Scenario("waits/1")
    void twoProcesses_inDeadlock_areFoundByName() {
        ChildJvm a = children.get(0);
        ChildJvm b = children.get(1);
        a.thread("left").call("acquire", one.path(), "x");
        b.thread("right").call("acquire", one.path(), "y");
        ChildReply left = a.thread("left").send("acquire", one.path(), "y");
        b.thread("right").send("acquire", one.path(), "x");
        WaitGraph.Deadlock deadlock = awaitDeadlock(one.path());
        assertEquals(a.pid() + " left ACQUIRE y, " + b.pid() + " right ACQUIRE x", describe(deadlock, "left"));
        for (WaitGraph.Wait wait : deadlock.waits()) {
            RegionSnapshot.Owner owner = wait.owners().get(0);
            assertEquals(wait.pid() == a.pid() ? b.pid() : a.pid(), owner.pid());
            assertEquals(wait.pid() == a.pid() ? "right" : "left", owner.threadName());
            assertTrue(owner.alive() && owner.since() != null && !owner.since().isAfter(wait.since()), owner::toString);
        }
        assertEquals(1, one.waitGraph().deadlocks().size(), "an open handle sees the same");
        b.call("close", one.path());
        assertEquals("true", left.await());
        assertEquals(List.of(), one.waitGraph().waits());
        b.call("open", one.path());
    }

    @Test
    @Scenario("waits/2")
    void threeProcesses_readAndWriteInTwoRegions_areFound() {
        children.get(0).thread("reader").call("read", one.path(), "lock");
        children.get(1).thread("owner").call("acquire", other.path(), "x");
        children.get(2).thread("writer").call("acquire", other.path(), "y");
        children.get(0).thread("reader").send("acquire", other.path(), "x");
        children.get(1).thread("owner").send("acquire", other.path(), "y");
        children.get(2).thread("writer").send("write", one.path(), "lock");
        assertEquals(
                children.get(0).pid() + " reader ACQUIRE x, " + children.get(1).pid() + " owner ACQUIRE y, "
                        + children.get(2).pid() + " writer WRITE lock",
                describe(awaitDeadlock(one.path(), other.path(), one.path()), "reader"));
        assertEquals(List.of(), WaitGraph.of(one.path()).deadlocks(), "a half of it is none");
        assertEquals(List.of(), WaitGraph.of(other.path()).deadlocks());
        WaitGraph.Wait writer = WaitGraph.of(one.path()).waits().get(0);
        assertEquals("reader", writer.owners().get(0).threadName());
    }

    @Test
    @Scenario("waits/3")
    void busyRing_isNoDeadlock() {
        one.readWriteLock("ring-lock");
        ChildReply[] rings = new ChildReply[children.size()];
        for (int i = 0; i < rings.length; i++) {
            rings[i] = children.get(i).thread("ring").send("ring", one.path(), i);
        }
        SharedLong rounds = one.atomicLong("rounds");
        int waits = 0;
        long start = System.nanoTime();
        while (rounds.get() < ROUNDS || waits < 20) {
            WaitGraph graph = rounds.get() % 2 == 0 ? one.waitGraph() : WaitGraph.of(one.path());
            assertEquals(List.of(), graph.deadlocks());
            waits += graph.waits().size();
            assertTrue(
                    System.nanoTime() - start < Soak.scaled(10, 1) * LONG.toNanos(),
                    "after " + rounds + " with " + waits + " waits");
        }
        children.forEach(child -> child.call("stop"));
        for (ChildReply ring : rings) {
            ring.await();
        }
    }

    @Test
    @Scenario("waits/4")
    void killedWaiters_leaveNoRecords() {
        try (ChildJvm killed = ChildJvm.start(GraphParty.class)) {
            killed.call("open", one.path());
            Hold hold = one.mutex("x").acquireUninterruptibly();
            killed.thread("victim").send("acquire", one.path(), "x");
            Eventually.assertThat(
                    LONG, "it waits", () -> one.waitGraph().waits().size() == 1);
            killed.kill9();
            assertEquals(List.of(), one.waitGraph().waits());
            assertEquals(0, one.mutex("x").snapshot().waiters());
            hold.close();
        }
    }
}
