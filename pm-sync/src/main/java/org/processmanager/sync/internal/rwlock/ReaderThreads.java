package org.processmanager.sync.internal.rwlock;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.ThreadHold;
import org.processmanager.sync.internal.region.WaitRecords;

/** The read holds of each thread, as one handle counts them. */
final class ReaderThreads extends SharedObject {
    private final Queue<Reader> readers = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Reader> current = ThreadLocal.withInitial(this::add);
    /** The newest thread: if only one reads, it is found faster here. */
    private @Nullable Reader newest;

    ReaderThreads(SharedObject lock) {
        super(lock);
    }

    /** A thread that has read. Its count is used by the thread itself, and after its end by the check. */
    final class Reader implements ThreadHold {
        private final Thread thread = Thread.currentThread();
        int holds;
        private int record = WaitRecords.NONE;

        @Override
        public void beginWait() {
            if (holds > 0 && !region.isClosed()) {
                record = participants.waits().addHold(offset);
            }
        }

        @Override
        public void endWait() {
            if (record != WaitRecords.NONE) {
                participants.waits().removeHold(record);
                record = WaitRecords.NONE;
            }
        }
    }

    /** Returns the count of the current thread. */
    Reader current() {
        Reader reader = newest;
        return reader != null && reader.thread == Thread.currentThread() ? reader : current.get();
    }

    private Reader add() {
        Reader reader = new Reader();
        readers.add(reader);
        newest = reader;
        WaitRecords.register(reader);
        return reader;
    }

    /** Forgets terminated threads; returns how many holds they left, each hold once, also if several threads call this. */
    int removeTerminated() {
        int left = 0;
        for (Reader reader : readers) {
            if (!reader.thread.isAlive() && readers.remove(reader)) {
                left += reader.holds;
                if (newest == reader) {
                    newest = null;
                }
            }
        }
        return left;
    }
}
