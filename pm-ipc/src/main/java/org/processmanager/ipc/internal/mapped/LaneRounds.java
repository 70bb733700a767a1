package org.processmanager.ipc.internal.mapped;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.MessageHandler;

/**
 * Reads several lanes in turn: each visit takes a batch of what is available, and the next visit, also of a later call, goes to
 * the lane behind. So a busy or suspended sender delays the messages of another one by the visits to the other lanes at most. Not
 * thread-safe.
 */
final class LaneRounds {
    /** The maximum number of messages of one visit, if there are several lanes. */
    static final int VISIT_MESSAGES = 256;

    private final LaneReader[] readers;
    /** The reader if there is one lane, which needs no rounds. */
    private final @Nullable LaneReader single;

    private int next;

    LaneRounds(List<LaneReader> readers) {
        this.readers = readers.toArray(LaneReader[]::new);
        this.single = readers.size() == 1 ? readers.get(0) : null;
    }

    /** Passes available messages to a handler; as {@link LaneReader#read}. */
    int read(MessageHandler handler, int limit, Delivery when) {
        return single != null ? single.read(handler, limit, when) : readAll(handler, limit, when);
    }

    private int readAll(MessageHandler handler, int limit, Delivery when) {
        int all = 0;
        int before;
        do {
            before = all;
            for (int visits = readers.length; visits > 0 && all < limit; visits--) {
                LaneReader reader = readers[next];
                // First, so that the lane of a message whose handler throws does not hold up the others.
                next = next + 1 == readers.length ? 0 : next + 1;
                all += reader.read(handler, Math.min(limit - all, VISIT_MESSAGES), when);
            }
        } while (all > before && all < limit);
        return all;
    }

    /** Returns whether a lane has a record. */
    boolean hasNext() {
        for (LaneReader reader : readers) {
            if (reader.hasNext()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of messages taken. */
    long messages() {
        long all = 0;
        for (LaneReader reader : readers) {
            all += reader.messages();
        }
        return all;
    }
}
