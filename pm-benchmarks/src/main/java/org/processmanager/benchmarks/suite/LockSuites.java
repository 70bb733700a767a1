package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.BarrierProgram;
import org.processmanager.benchmarks.multiprocess.lock.ContentionProgram;
import org.processmanager.benchmarks.multiprocess.lock.PingPongProgram;
import org.processmanager.benchmarks.multiprocess.lock.RecoveryProgram;
import org.processmanager.benchmarks.multiprocess.lock.UncontendedProgram;

/** Mutexes, read-write locks, semaphores, conditions and barriers. */
final class LockSuites {
    private static final String PING_PONG =
            "passed to another process that sleeps: from before the release until the acquisition";

    private LockSuites() {}

    static Suite mutex() {
        return new Suite(
                "mutex",
                "a mutex between processes",
                List.of(
                        mutex("uncontended", "acquire and release", Unit.NANOSECONDS, UncontendedProgram.class),
                        mutex("ping-pong", PING_PONG, Unit.MICROSECONDS, PingPongProgram.class),
                        mutex(
                                "four-processes",
                                "acquisitions by four processes, each for one microsecond",
                                Unit.PER_SECOND,
                                ContentionProgram.class),
                        Case.of(
                                "recovery",
                                "from kill -9 of the owner until a waiter has acquired it",
                                Unit.MILLISECONDS,
                                Params.of(),
                                Candidates.of(RecoveryProgram.class)
                                        .ours("ours", "SharedMutexes")
                                        .absent("reentrant-lock", "exists in one process only")
                                        .jdk("file-lock", "FileLocks")
                                        .c("c-robust-mutex", "mutex", "kind", "robust", "case", "recovery")
                                        .absent("c-futex", "has no owner, so its death is not detected")
                                        .list())));
    }

    private static Case mutex(String name, String title, Unit unit, Class<? extends ForkProgram> program) {
        Candidates candidates = Candidates.of(program)
                .ours("ours", "SharedMutexes")
                .jdk("reentrant-lock", "ReentrantLocks")
                .jdk("file-lock", "FileLocks")
                .c("c-robust-mutex", "mutex", "kind", "robust", "case", name)
                .c("c-futex", "mutex", "kind", "futex", "case", name);
        return Case.of(name, title, unit, Params.of(), candidates.list());
    }

    static Suite readWriteLock() {
        return new Suite(
                "read-write-lock",
                "a read-write lock between processes",
                List.of(
                        uncontended("read-uncontended", "acquire and release for reading", "read"),
                        uncontended("write-uncontended", "acquire and release for writing", "write"),
                        contended("read-four-processes", "acquisitions for reading by four processes", 10),
                        contended(
                                "mixed-four-processes", "acquisitions by four processes, each tenth for writing", 9)));
    }

    private static Case uncontended(String name, String title, String access) {
        List<Candidate> candidates = readWriteLocks(UncontendedProgram.class, "uncontended");
        return Case.of(name, title, Unit.NANOSECONDS, Params.of("access", access), candidates);
    }

    private static Case contended(String name, String title, int readsInTen) {
        List<Candidate> candidates = readWriteLocks(ContentionProgram.class, "four-processes");
        return Case.of(
                name,
                title,
                Unit.PER_SECOND,
                Params.of("reads-in-ten", readsInTen, "section-micros", 0, "numbers", 4),
                candidates);
    }

    private static List<Candidate> readWriteLocks(Class<? extends ForkProgram> program, String caseInC) {
        return Candidates.of(program)
                .ours("ours", "SharedReadWriteLocks")
                .ours("ours-mutex", "SharedMutexes")
                .jdk("reentrant-rw-lock", "ReentrantReadWriteLocks")
                .jdk("file-lock", "FileLocks")
                .c("c-rwlock", "mutex", "kind", "rwlock", "case", caseInC)
                .list();
    }

    static Suite condition() {
        return new Suite(
                "condition",
                "a condition between processes",
                List.of(Case.of(
                        "ping-pong",
                        PING_PONG,
                        Unit.MICROSECONDS,
                        Params.of(),
                        Candidates.of(PingPongProgram.class)
                                .ours("ours", "SharedConditions")
                                .ours("ours-event", "SharedEvents")
                                .jdk("juc-condition", "JucConditions")
                                .c("c-condition", "semaphore", "kind", "condition", "case", "ping-pong")
                                .list())));
    }

    static Suite barrier() {
        return new Suite(
                "barrier",
                "a barrier between processes",
                List.of(Case.of(
                        "four-processes",
                        "a round of four processes",
                        Unit.MICROSECONDS,
                        Params.of(),
                        Candidates.of(BarrierProgram.class)
                                .ours("ours", "SharedBarriers")
                                .jdk("cyclic-barrier", "CyclicBarriers")
                                .c("c-barrier", "barrier")
                                .list())));
    }

    static Suite semaphore() {
        return new Suite(
                "semaphore",
                "a semaphore between processes",
                List.of(
                        semaphore("uncontended", "acquire and release", Unit.NANOSECONDS, UncontendedProgram.class),
                        semaphore("ping-pong", PING_PONG, Unit.MICROSECONDS, PingPongProgram.class)));
    }

    private static Case semaphore(String name, String title, Unit unit, Class<? extends ForkProgram> program) {
        Candidates candidates = Candidates.of(program)
                .ours("ours", "SharedSemaphores")
                .ours("ours-leased", "LeasedSemaphores")
                .jdk("juc-semaphore", "JucSemaphores")
                .c("c-sem", "semaphore", "kind", "sem", "case", name);
        return Case.of(name, title, unit, Params.of(), candidates.list());
    }
}
