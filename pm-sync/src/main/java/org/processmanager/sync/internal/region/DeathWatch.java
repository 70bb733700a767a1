package org.processmanager.sync.internal.region;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.reactor.EventLoop;
import org.processmanager.core.internal.reactor.EventLoops;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * Wakes the sleepers of this handle as soon as a process exits that they wait for: a pidfd of each, watched by a thread of
 * the reactor. This is no proof of death, since the process id may have been reused before the pidfd was opened; the woken
 * thread checks the proof, as it would at the end of its slice.
 */
final class DeathWatch {
    private final Participants participants;
    private final Parking parking;
    private final Set<Integer> known = ConcurrentHashMap.newKeySet();
    /** Confined to the loop's thread. */
    private final Map<Integer, EventLoop.Watch> watches = new HashMap<>();

    private final AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
    private volatile boolean closed;

    DeathWatch(Participants participants, Parking parking) {
        this.participants = participants;
        this.parking = parking;
    }

    /** Watches the process of a participant, if it is not watched already. Non-blocking. */
    void watch(int participant) {
        if (!known.contains(participant) && !closed && known.add(participant)) {
            EventLoop mine = loop();
            if (mine == null) {
                known.remove(participant);
            } else {
                mine.execute(() -> begin(mine, participant));
            }
        }
    }

    /**
     * Returns the loop, the same each time, since closing cancels the watches on its thread. Null if no thread or descriptor is
     * free for one: the end of a slice still detects a death.
     */
    private @Nullable EventLoop loop() {
        EventLoop mine = loop.get();
        if (mine == null) {
            try {
                loop.compareAndSet(null, EventLoops.shared());
            } catch (ResourcesExhaustedException | PosixException e) {
                return null;
            }
            mine = loop.get();
        }
        return mine;
    }

    private void begin(EventLoop mine, int participant) {
        long pid = participants.pid(Participants.slot(participant));
        if (closed || pid <= 0 || pid > Integer.MAX_VALUE || pid == Wait.getpid()) {
            return;
        }
        int fd;
        try {
            fd = Wait.openPidfd((int) pid);
        } catch (PosixException e) {
            parking.wakeSleepers(); // it has exited, or this kernel has no pidfds
            return;
        }
        try {
            watches.put(fd, mine.watch(fd, Poll.IN, events -> end(fd)));
        } catch (PosixException e) {
            Files.close(fd);
        }
    }

    private void end(int fd) {
        EventLoop.Watch watch = watches.remove(fd);
        if (watch != null) {
            watch.cancel();
            Files.close(fd);
            parking.wakeSleepers();
        }
    }

    void close() {
        closed = true;
        EventLoop mine = loop.get();
        if (mine != null) {
            mine.execute(() -> new HashSet<>(watches.keySet()).forEach(this::end));
        }
    }
}
