package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.layout.WaitLayout;
import org.processmanager.sync.internal.region.layout.WaitRecord;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.ObjectHandler.OwnerWord;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Reads which threads wait in a region, and the owners of what they wait for. It takes no slot and writes nothing. */
public final class WaitInspector implements WaitSource, AutoCloseable {
    private final RegionReading region;

    /** Reads from an open handle, which stays open. */
    public WaitInspector(Region region) {
        this.region = new RegionReading.OfHandle(region);
    }

    /**
     * Opens the file of a region.
     *
     * @throws RegionException if it cannot be opened
     */
    public WaitInspector(Path path) {
        region = new RegionReading.OfFile(path);
    }

    @Override
    public Path path() {
        return region.path();
    }

    @Override
    public UUID id() {
        return region.header().id();
    }

    /** Returns whether it can be read. */
    public boolean isUsable() {
        try {
            objects();
            return true;
        } catch (IllegalStateException | RegionException e) {
            return false;
        }
    }

    @Override
    public List<Waiter> waiters() {
        return region.read(tables -> {
            ObjectInspector inspector = inspector(tables);
            List<Waiter> waiters = new ArrayList<>();
            for (int record = 0; record < region.header().slots(); record++) {
                int at = WaitRecords.offset(region.header().waitsOffset(), record);
                if (WaitLayout.object(tables, at) != 0) {
                    WaitRecord wait = WaitLayout.read(tables, at);
                    if (wait.object() != 0 && !inspector.isDead(wait.participant())) {
                        waiters.add(new Waiter(
                                wait,
                                key(tables, wait.participant(), wait.thread()),
                                SlotLayout.namePlain(tables, Participants.slot(wait.participant()))));
                    }
                }
            }
            return waiters;
        });
    }

    @Override
    public int unlisted() {
        return region.read(tables -> {
            ObjectInspector inspector = inspector(tables);
            int threads = 0;
            for (RegionObject object : objects(tables)) {
                threads += inspector.unlisted(object.offset());
            }
            return threads;
        });
    }

    @Override
    public List<RegionObject> objects() {
        return region.read(this::objects);
    }

    @Override
    public List<Owner> owners(RegionObject object) {
        return region.read(tables -> {
            ObjectInspector inspector = inspector(tables);
            List<Owner> owners = new ArrayList<>();
            for (OwnerWord word : inspector.state(object, region.bytes(object)).owners()) {
                int slot = Participants.slot(word.participant());
                boolean known = slot >= 1 && slot <= region.header().slots();
                owners.add(new Owner(
                        word,
                        known ? key(tables, word.participant(), word.thread()) : new ThreadKey(0, 0, 0),
                        known ? SlotLayout.namePlain(tables, slot) : "",
                        !inspector.isDead(word.participant())));
            }
            return owners;
        });
    }

    private static ThreadKey key(ByteBuffer tables, int participant, long thread) {
        int slot = Participants.slot(participant);
        return new ThreadKey(SlotLayout.pidPlain(tables, slot), SlotLayout.startTicksPlain(tables, slot), thread);
    }

    private ObjectInspector inspector(ByteBuffer tables) {
        return new ObjectInspector(tables, region.header(), region.isAbsent());
    }

    private List<RegionObject> objects(ByteBuffer tables) {
        return new ObjectDirectory(region.path(), tables, region.header()).objects();
    }

    @Override
    public void close() {
        region.close();
    }
}
