package org.processmanager.ipc.internal.queue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.CrashPoint;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Peer;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.ipc.internal.channel.ChannelRegion;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.buffer.BufferLayout;
import org.processmanager.sync.internal.buffer.CellBuffer;
import org.processmanager.sync.internal.region.Participants;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.layout.Words;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * An open queue, for one end: a region with a bounded buffer for the messages and an object that names the ends.
 *
 * <p>Crash points: {@code queue.buffered} (the buffer is created), {@code queue.joined} (an end), and those of the buffer.
 */
final class QueueChannel implements AutoCloseable {
    static {
        // Also known without the service file, which is lost where jars are merged into one.
        new SyncObjectTypes().register();
        new QueueObjectTypes().register();
    }

    final Endpoint endpoint;
    final Region region;
    final CellBuffer buffer;

    private final ByteBuffer memory;
    private final Participants participants;
    private final int queue;
    private final int role;
    private final int end;

    private QueueChannel(Endpoint endpoint, Region region, int queue, CellBuffer buffer, int role) {
        this.endpoint = endpoint;
        this.region = region;
        this.buffer = buffer;
        this.queue = queue;
        this.role = role;
        memory = region.memory();
        participants = region.participants();
        end = QueueLayout.end(queue, Participants.slot(participants.self()));
    }

    /**
     * Opens or creates a queue and joins it.
     *
     * @param role of this end, as in {@link QueueLayout}
     */
    static QueueChannel open(Endpoint endpoint, Path path, OpenMode mode, QueueOptions options, int role) {
        long bytes = RegionLayout.sizeFor(aligned(BufferLayout.bytes(options.messages(), options.maxOrDefault()))
                + aligned(QueueLayout.bytes(RegionLayout.DEFAULT_SLOTS)));
        return ChannelRegion.open(endpoint, path, mode, bytes, (region, isNew) -> {
            boolean isUnfinished = !isNew && findBuffer(region) != null && findQueue(region) == null;
            RegionObject queue = isNew || isUnfinished
                    ? create(region, options)
                    : ChannelRegion.find(endpoint, region, QueueLayout.TYPE);
            RegionObject buffer = findBuffer(region);
            if (buffer == null || queue.bytes() != QueueLayout.bytes(region.slots())) {
                throw new ChannelException("cannot open " + endpoint
                        + ": it is a queue without its buffer, which is inconsistent; delete it");
            }
            options.check(endpoint, buffer.dimension(0), buffer.dimension(1));
            QueueChannel channel =
                    new QueueChannel(endpoint, region, queue.offset(), new CellBuffer(region, buffer), role);
            channel.join();
            return channel;
        });
    }

    private static long aligned(long bytes) {
        return (bytes + RegionLayout.OBJECT_ALIGNMENT - 1) & -RegionLayout.OBJECT_ALIGNMENT;
    }

    private static @Nullable RegionObject findBuffer(Region region) {
        return region.objects().find(QueueLayout.BUFFER, SyncObjectTypes.BOUNDED_BUFFER);
    }

    private static @Nullable RegionObject findQueue(Region region) {
        return region.objects().find(ChannelRegion.OBJECT, QueueLayout.TYPE);
    }

    /** The queue last: it is complete when it is found. A creator that dies before leaves the buffer to the next. */
    private static RegionObject create(Region region, QueueOptions options) {
        RegionObject buffer = findBuffer(region);
        if (buffer == null) {
            int max = options.maxOrDefault();
            int messages = options.messages();
            while (messages > 1
                    && RegionLayout.sizeFor(aligned(BufferLayout.bytes(messages, max))
                                    + aligned(QueueLayout.bytes(region.slots())))
                            > region.memory().capacity()) {
                messages /= 2; // the region was created by a process that wanted less and died
            }
            buffer = region.objects()
                    .findOrCreate(
                            QueueLayout.BUFFER,
                            SyncObjectTypes.BOUNDED_BUFFER,
                            new int[] {messages, max, 0},
                            BufferLayout.bytes(messages, max),
                            null);
            CrashPoint.reach("queue.buffered");
        }
        return region.objects()
                .findOrCreate(
                        ChannelRegion.OBJECT,
                        QueueLayout.TYPE,
                        new int[] {buffer.dimension(0), buffer.dimension(1)},
                        QueueLayout.bytes(region.slots()),
                        null);
    }

    // ---- the ends

    private void join() {
        Words.putLongVolatile(memory, end, QueueLayout.word(participants.self(), role));
        Words.addLong(memory, QueueLayout.soFar(queue, role), 1);
        CrashPoint.reach("queue.joined");
    }

    private void leave() {
        Words.casLong(memory, end, QueueLayout.word(participants.self(), role), 0);
    }

    /** Returns how many ends of a role there were, this one included. */
    long soFar(int wanted) {
        return Words.longVolatile(memory, QueueLayout.soFar(queue, wanted));
    }

    /**
     * Returns how many ends of a role there are.
     *
     * @param probe whether to ask the kernel which of them are alive; otherwise dead ones count
     */
    int count(int wanted, boolean probe) {
        int count = 0;
        for (int slot = 1; slot <= region.slots(); slot++) {
            long word = Words.longVolatile(memory, QueueLayout.end(queue, slot));
            if (QueueLayout.role(word) == wanted && (!probe || isAlive(QueueLayout.owner(word)))) {
                count++;
            }
        }
        return count;
    }

    private boolean isAlive(int owner) {
        return participants.isSlot(owner)
                && !participants.isDead(Participants.slot(owner), Participants.generation(owner));
    }

    /** Returns whether its region was deleted or its file replaced, so that no other process will open it. */
    boolean isDeleted() {
        return ChannelRegion.isDeleted(region);
    }

    ChannelSnapshot snapshot(long messages) {
        List<Peer> peers = new ArrayList<>();
        boolean connected = false;
        try {
            for (int slot = 1; slot <= region.slots(); slot++) {
                long word = Words.longVolatile(memory, QueueLayout.end(queue, slot));
                int owner = QueueLayout.owner(word);
                if (owner == 0 || !participants.isSlot(owner)) {
                    continue;
                }
                boolean alive = isAlive(owner);
                connected |= alive && QueueLayout.role(word) != role;
                peers.add(new Peer(
                        QueueLayout.role(word) == QueueLayout.SENDER ? Role.SENDER : Role.RECEIVER,
                        participants.pid(slot),
                        participants.name(slot),
                        alive,
                        0));
            }
        } catch (PosixException e) {
            throw SystemFailure.of("cannot find the ends of " + endpoint, e);
        }
        return new ChannelSnapshot(
                endpoint,
                connected,
                peers,
                messages,
                (long) messagesNow() * buffer.cellBytes(),
                (long) buffer.cells() * buffer.cellBytes());
    }

    /** Returns how many messages there are; 0 if the channel was deleted, of which nothing is received any longer. */
    private int messagesNow() {
        try {
            return buffer.size();
        } catch (RegionException e) {
            if (isDeleted()) {
                return 0;
            }
            throw new ChannelException("cannot read the state of " + endpoint + ": " + e.getMessage(), e);
        }
    }

    /** Leaves the queue; its messages stay. */
    @Override
    public void close() {
        try {
            leave();
        } finally {
            region.close();
        }
    }
}
