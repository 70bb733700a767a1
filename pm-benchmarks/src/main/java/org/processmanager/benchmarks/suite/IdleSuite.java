package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.IdleWaiterProgram;
import org.processmanager.benchmarks.multiprocess.message.IdleReceiverProgram;
import org.processmanager.benchmarks.multiprocess.process.IdleChildrenProgram;

/** The cost of waiting. */
final class IdleSuite {
    private static final MeasureTime TEN_SECONDS_OR_A_MINUTE = MeasureTime.fixed(10_000, 60_000);

    private IdleSuite() {}

    static Suite idle() {
        return new Suite(
                "idle",
                "time on the processors while nothing happens, in percent of one processor",
                List.of(
                        idle(
                                "children-500",
                                "500 children that wait",
                                Params.of("idle-children", 500),
                                Candidates.of(IdleChildrenProgram.class)
                                        .ours("ours", "ManagedLaunching")
                                        .jdk("processbuilder", "ProcessBuilderLaunching")
                                        .list()),
                        idle(
                                "mutex-waiter",
                                "a mutex that another process holds",
                                Params.of(),
                                Candidates.of(IdleWaiterProgram.class)
                                        .ours("ours", "SharedMutexes")
                                        .list()),
                        idle(
                                "receiver",
                                "a message that does not come",
                                MessageSuites.params(1, 1, 64, 1, "blocking"),
                                Candidates.of(IdleReceiverProgram.class)
                                        .channel("ours", "mapped")
                                        .list())));
    }

    private static Case idle(String name, String title, Params params, List<Candidate> candidates) {
        return Case.of(name, title, Unit.PERCENT_OF_ONE_CPU, params, candidates)
                .measureTime(TEN_SECONDS_OR_A_MINUTE)
                .forks(Case.Forks.SIDE_BY_SIDE);
    }
}
