package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.lock.IdleWaiterProgram;
import org.processmanager.benchmarks.fork.message.IdleReceiverProgram;
import org.processmanager.benchmarks.fork.process.IdleChildrenProgram;

/** What it costs to wait. */
final class IdleSuite {
    private static final Span TEN_SECONDS_OR_A_MINUTE = Span.fixed(10_000, 60_000);

    private IdleSuite() {}

    static Suite idle() {
        return new Suite(
                "idle",
                "time on the processors while nothing happens, in percent of one processor",
                List.of(
                        idle(
                                "children-500",
                                "500 children that wait",
                                Fields.of("idlers", 500),
                                Lineup.of(IdleChildrenProgram.class)
                                        .ours("ours", "OurLaunching")
                                        .jdk("processbuilder", "ProcessBuilderLaunching")
                                        .list()),
                        idle(
                                "mutex-waiter",
                                "a mutex that another process holds",
                                Fields.of(),
                                Lineup.of(IdleWaiterProgram.class)
                                        .ours("ours", "OurMutexes")
                                        .list()),
                        idle(
                                "receiver",
                                "a message that does not come",
                                MessageSuites.fields(1, 1, 64, 1, "blocking"),
                                Lineup.of(IdleReceiverProgram.class)
                                        .ours("ours", "MappedChannelTransport")
                                        .list())));
    }

    private static Case idle(String name, String title, Fields fields, List<Candidate> candidates) {
        return Case.of(name, title, Unit.PERCENT_OF_ONE_CPU, fields, candidates)
                .span(TEN_SECONDS_OR_A_MINUTE)
                .forks(Case.Forks.SIDE_BY_SIDE);
    }
}
