package org.processmanager.benchmarks.fork.process;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.benchmarks.fork.VerificationException;

/** Idle children of the candidate. They end with the fork too, since their input does. */
final class Idlers implements AutoCloseable {
    private static final long SETTLE_MILLIS =
            300; // until the last ones wait: who starts them fast is not to be disturbed more

    private final List<Launching.Idler> idlers = new ArrayList<>();

    static Idlers start(Launching launching, int count) throws Exception {
        Idlers started = new Idlers();
        for (int i = 0; i < count; i++) {
            started.idlers.add(launching.startIdler());
        }
        if (count > 0) {
            Thread.sleep(SETTLE_MILLIS);
        }
        return started;
    }

    /** As the system sees it. */
    void expectAlive(int expected) {
        long children = ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .count();
        if (children < expected) {
            throw new VerificationException("idle children: expected " + expected + ", only " + children + " live");
        }
    }

    @Override
    public void close() throws Exception {
        for (Launching.Idler idler : idlers) {
            idler.end();
        }
    }
}
