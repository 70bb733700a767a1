package org.processmanager.sync;

import java.util.concurrent.Semaphore;

/** An object under random kills: how each process uses it, and what must hold when all others have stopped. */
abstract class KillsSubject {
    /** What all uses of a process have in common. */
    static final class Context {
        final SharedMemory memory;
        final KillsRecords records;
        /** The number of this process, or {@link KillsRecords#NO_PARTY}. */
        final int self;
        /** Taken by the test while it counts permits without an owner. */
        final Semaphore gate = new Semaphore(KillsSubjects.GATE, true);

        volatile boolean stopped;

        Context(SharedMemory memory, KillsRecords records, int self) {
            this.memory = memory;
            this.records = records;
            this.self = self;
        }
    }

    final String name;
    final Context context;
    final SharedMemory memory;
    final KillsRecords records;
    final int self;

    KillsSubject(String name, Context context) {
        this.name = name;
        this.context = context;
        memory = context.memory;
        records = context.records;
        self = context.self;
    }

    /** Uses the object once, which ends within {@link KillsParty#LONGEST_STEP}; each subject has a thread of its own. */
    abstract void use() throws Exception;

    /** Ends a wait of {@link #use()} that no other party ends, after {@code stopped} was set; called until it has ended. */
    void endWait() throws Exception {}

    /** Checks, in the test, what holds when no other process uses the region. */
    void assertAtRest(int parties) throws Exception {}

    /** How often it was used, in all processes. */
    final SharedLong operations() {
        return memory.atomicLong("operations-" + name);
    }

    /** The nanoseconds of the longest use in any process. */
    final SharedLong longest() {
        return memory.atomicLong("longest-" + name);
    }
}
