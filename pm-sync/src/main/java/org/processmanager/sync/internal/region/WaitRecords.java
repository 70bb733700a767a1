package org.processmanager.sync.internal.region;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.util.JfrState;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.recorder.SharedEvents;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * The records of the threads of one handle that wait. A thread takes one before it sleeps, among a few positions; if none of
 * them is free it is only counted. Records of a killed process are freed with its slot. They are informational: nothing depends
 * on them but {@link org.processmanager.sync.WaitGraph} and snapshots.
 */
public final class WaitRecords {
    /** No record was free. */
    public static final int NONE = -1;

    private static final int POSITIONS = 16;

    /** Weak: a thread of a pool outlives regions and class loaders. */
    private static final ThreadLocal<List<WeakReference<ThreadHold>>> HOLDS = new ThreadLocal<>();

    /** The threads of this process that wait, by their ids, for their stacks. */
    private static final Map<Long, Thread> THREADS = new ConcurrentHashMap<>();

    private final Path path;
    private final ByteBuffer memory;
    private final RegionHeader header;
    private final int self;
    private final int table;
    private final int records;

    WaitRecords(Path path, ByteBuffer memory, RegionHeader header, int self) {
        this.path = path;
        this.memory = memory;
        this.header = header;
        this.self = self;
        table = header.waitsOffset();
        records = header.slots();
    }

    /** Adds something that the current thread may hold, for its later waits. */
    public static void register(ThreadHold hold) {
        List<WeakReference<ThreadHold>> holds = HOLDS.get();
        if (holds == null) {
            holds = new ArrayList<>();
            HOLDS.set(holds);
        }
        holds.removeIf(known -> known.get() == null);
        holds.add(new WeakReference<>(hold));
    }

    /**
     * Records that the current thread waits for an object, and what it holds meanwhile.
     *
     * @param purpose one of those of {@link WaitLayout}
     * @return what {@link #endWait} expects
     */
    public int beginWait(int object, int purpose, boolean limited) {
        if (JfrState.isStarted()) {
            SharedEvents.beginWait();
        }
        for (ThreadHold hold : holds()) {
            hold.beginWait();
        }
        THREADS.put(Thread.currentThread().getId(), Thread.currentThread());
        int record = add(object, purpose, limited);
        if (record == NONE) {
            SlotLayout.addUnlisted(memory, Participants.slot(self), object, 1);
        }
        return record;
    }

    /** Reverts {@link #beginWait}. */
    public void endWait(int object, int record) {
        if (record == NONE) {
            SlotLayout.addUnlisted(memory, Participants.slot(self), object, -1);
        }
        remove(record);
        THREADS.remove(Thread.currentThread().getId());
        for (ThreadHold hold : holds()) {
            hold.endWait();
        }
        if (JfrState.isStarted()) {
            SharedEvents.endWait(path, () -> name(object));
        }
    }

    private String name(int object) {
        try {
            return new ObjectDirectory(path, memory, header)
                    .objects().stream()
                            .filter(known -> known.offset() == object)
                            .map(RegionObject::name)
                            .findFirst()
                            .orElse("removed");
        } catch (RegionException e) {
            return "unreadable";
        }
    }

    private static List<ThreadHold> holds() {
        List<WeakReference<ThreadHold>> known = HOLDS.get();
        if (known == null) {
            return List.of();
        }
        List<ThreadHold> holds = new ArrayList<>();
        for (WeakReference<ThreadHold> reference : known) {
            ThreadHold hold = reference.get();
            if (hold != null) {
                holds.add(hold);
            }
        }
        return holds;
    }

    /** A thread that waits tries to get what it waits for; whether it has got it, no word may say. */
    public void beginAttempt(int record) {
        if (record != NONE) {
            WaitLayout.bumpVersion(memory, offset(table, record));
        }
    }

    /** It has not got it. */
    public void endAttempt(int record) {
        beginAttempt(record);
    }

    /** Records that the current thread has read holds of an object; returns the record for {@link #removeHold}. */
    public int addHold(int object) {
        return add(object, WaitLayout.READS, false);
    }

    /** Reverts {@link #addHold}. */
    public void removeHold(int record) {
        remove(record);
    }

    /** Returns the thread of this process with that id if it waits; otherwise null. */
    public static @Nullable Thread waitingThread(long id) {
        return THREADS.get(id);
    }

    /** Frees all records of this handle, which is being closed. */
    void releaseAll() {
        for (int record = 0; record < records; record++) {
            WaitLayout.release(memory, offset(table, record), self);
        }
    }

    private int add(int object, int purpose, boolean limited) {
        Thread thread = Thread.currentThread();
        int first = (int) Math.floorMod(thread.getId() * POSITIONS + Participants.slot(self), (long) records);
        for (int i = 0; i < Math.min(POSITIONS, records); i++) {
            int record = (first + i) % records;
            if (WaitLayout.claim(memory, offset(table, record), self)) {
                WaitLayout.publish(memory, offset(table, record), object, purpose, limited, thread);
                return record;
            }
        }
        return NONE;
    }

    private void remove(int record) {
        if (record != NONE) {
            WaitLayout.release(memory, offset(table, record), self);
        }
    }

    static int offset(int table, int record) {
        return table + record * WaitLayout.BYTES;
    }
}
