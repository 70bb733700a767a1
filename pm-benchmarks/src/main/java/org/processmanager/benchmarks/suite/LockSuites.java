package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.ContentionProgram;
import org.processmanager.benchmarks.multiprocess.lock.PingPongProgram;
import org.processmanager.benchmarks.multiprocess.lock.RecoveryProgram;
import org.processmanager.benchmarks.multiprocess.lock.UncontendedProgram;

/** Mutexes and semaphores. */
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
                .c("c-sem", "semaphore", "case", name);
        return Case.of(name, title, unit, Params.of(), candidates.list());
    }
}
