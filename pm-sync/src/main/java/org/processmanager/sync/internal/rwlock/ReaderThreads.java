package org.processmanager.sync.internal.rwlock;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The read holds of each thread, as one handle counts them. */
final class ReaderThreads {
    private final Queue<Reader> readers = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Reader> current = ThreadLocal.withInitial(this::add);

    /** A thread that has read. Its count is used by the thread itself, and after its end by the check. */
    static final class Reader {
        private final Thread thread = Thread.currentThread();
        int holds;
    }

    /** Returns the count of the current thread. */
    Reader current() {
        return current.get();
    }

    private Reader add() {
        Reader reader = new Reader();
        readers.add(reader);
        return reader;
    }

    /** Forgets terminated threads; returns how many holds they left. */
    int removeTerminated() {
        int left = 0;
        for (Iterator<Reader> all = readers.iterator(); all.hasNext(); ) {
            Reader reader = all.next();
            if (!reader.thread.isAlive()) {
                left += reader.holds;
                all.remove();
            }
        }
        return left;
    }
}
