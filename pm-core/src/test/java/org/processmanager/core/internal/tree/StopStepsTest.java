package org.processmanager.core.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.fixtures.Scenario;

/** The order of looks and signals, with a tree whose looks are given. */
class StopStepsTest {
    private static final int ROOT = 4_000_000;

    /** A tree that is seen as given; its last look is repeated. */
    private static class Looks implements ProcessTree {
        private final Deque<List<Integer>> looks = new ArrayDeque<>();
        private final List<String> sent = new ArrayList<>();
        private String scanFailure;
        private List<Integer> group = List.of();

        private Looks(List<List<Integer>> looks) {
            for (List<Integer> look : looks) {
                this.looks.add(look);
            }
        }

        @Override
        public Collection<Member> live() {
            List<Integer> look = looks.size() > 1 ? looks.remove() : looks.element();
            return look.stream().map(pid -> new Member(pid, 1, false)).toList();
        }

        @Override
        public SignalResult send(Member member, Signal signal) {
            sent.add(signal + " " + member.pid());
            return SignalResult.SENT;
        }

        @Override
        public boolean sendToGroup(Signal signal) {
            sent.add(signal + " group");
            return !group.isEmpty();
        }

        @Override
        public boolean isInGroup(Member member) {
            return group.contains(member.pid());
        }

        @Override
        public int root() {
            return ROOT;
        }

        @Override
        public boolean hasFailed() {
            return false;
        }

        @Override
        public Optional<String> scanFailure() {
            return Optional.ofNullable(scanFailure);
        }
    }

    private static StopReport run(Looks tree, StopPolicy.Step... steps) {
        return new StopSteps(tree, () -> false, () -> null).run(StopPolicy.of(steps));
    }

    @Test
    @Scenario("public-stop/8")
    void stepWithoutTime_looksAgainAfterTheSignal() {
        Looks tree = new Looks(List.of(List.of(ROOT), List.of()));
        StopReport report = run(tree, StopPolicy.Step.signal(Signal.KILL, Duration.ZERO));
        assertEquals(List.of(), report.survivors());
        assertEquals(Optional.of(Signal.KILL), report.effectiveStep().flatMap(StopPolicy.Step::signal));
    }

    @Test
    @Scenario("public-stop/2")
    void hiddenMembers_getTheSignalThroughTheGroupOnce() {
        Looks tree = new Looks(List.of(List.of(ROOT, 5), List.of()));
        tree.scanFailure = "hidden";
        tree.group = List.of(ROOT);
        StopReport report = run(tree, StopPolicy.Step.signal(Signal.TERM, Duration.ofSeconds(20)));
        assertEquals(List.of((long) ROOT, 5L), report.signalled());
        // the second one to the group, when nothing that is shown is alive
        assertEquals(List.of("TERM group", "TERM 5", "TERM group"), tree.sent);
    }

    @Test
    void treeThatDoesNotChange_isScannedRarely() {
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        AtomicInteger scans = new AtomicInteger();
        Looks tree = new Looks(List.of(List.of(pid))) {
            private final Member self = new Member(pid, ProcStat.of(pid).startTicks(), false);

            @Override
            public Collection<Member> live() {
                scans.incrementAndGet();
                LockSupport.parkNanos(10_000_000); // as long as where a thousand processes run
                return List.of(self);
            }
        };
        run(tree, StopPolicy.Step.signal(Signal.TERM, Duration.ofSeconds(1)));
        assertTrue(scans.get() <= 5, scans + " scans"); // 33 if it scanned after each pause
    }
}
