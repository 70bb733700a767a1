package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Soak;
import org.processmanager.sync.Threads.Running;

/** A process that uses every kind of object at once, each from a thread of its own, until it is stopped or killed. */
final class KillsParty implements ChildProgram {
    /** No use of an object takes longer, whatever is killed. */
    static final Duration LONGEST_STEP = Duration.ofSeconds(10);

    /** Between two uses, since all threads of all processes share few processors. */
    private static final Duration LONGEST_PAUSE = Soak.scaled(Duration.ofMillis(5), Duration.ofMillis(20));

    private final List<KillsSubject> subjects = new ArrayList<>();
    private final List<Running<Void>> threads = new ArrayList<>();
    private KillsSubject.Context context;

    @Override
    public void register(ChildCommands commands) {
        commands.on("work", this::work);
        commands.on("pause", args -> {
            context.gate.acquire(KillsSubjects.GATE);
            return "";
        });
        commands.on("resume", args -> {
            context.gate.release(KillsSubjects.GATE);
            return "";
        });
        commands.on("stop", args -> {
            context.stopped = true;
            return "";
        });
        commands.on("awaitStopped", args -> awaitStopped());
    }

    private String work(List<String> args) throws IOException {
        context = new KillsSubject.Context(
                SharedMemory.open(Path.of(args.get(0))),
                new KillsRecords(Path.of(args.get(1))),
                Integer.parseInt(args.get(2)));
        SharedLong wrong = context.memory.atomicLong("wrong");
        subjects.addAll(KillsSubjects.all(context));
        for (KillsSubject subject : subjects) {
            threads.add(Threads.start(() -> {
                try {
                    useUntilStopped(subject);
                } catch (Throwable e) {
                    System.err.println(subject.name + " of process " + context.self + ":");
                    e.printStackTrace();
                    wrong.incrementAndGet();
                    throw e;
                }
                return null;
            }));
        }
        return "";
    }

    private void useUntilStopped(KillsSubject subject) throws Exception {
        SharedLong operations = subject.operations();
        SharedLong longest = subject.longest();
        while (!context.stopped) {
            long start = System.nanoTime();
            subject.use();
            long nanos = System.nanoTime() - start;
            operations.incrementAndGet();
            if (nanos > longest.get()) {
                longest.accumulateAndGet(nanos, Math::max);
            }
            assertTrue(nanos < LONGEST_STEP.toNanos(), "took " + Duration.ofNanos(nanos));
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toNanos()));
        }
    }

    private String awaitStopped() {
        Eventually.assertThat(LONGEST_STEP, "all have stopped", () -> {
            for (int i = 0; i < threads.size(); i++) {
                if (!threads.get(i).isDone()) {
                    endWait(subjects.get(i));
                    return false;
                }
            }
            return true;
        });
        threads.forEach(Running::result);
        return "";
    }

    private static void endWait(KillsSubject subject) {
        try {
            subject.endWait();
        } catch (Exception e) {
            throw new AssertionError("cannot end the wait of " + subject.name, e);
        }
    }
}
