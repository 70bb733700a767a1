package org.processmanager.sync.internal.region;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.RegionSnapshot.Participant;
import org.processmanager.sync.internal.region.layout.SlotLayout;
import org.processmanager.sync.internal.region.object.ObjectDirectory;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Reads the objects of a region from its file, byte by byte. It takes no slot and writes nothing. */
public final class ObjectReader implements AutoCloseable {
    private final RegionReading region;

    /**
     * Opens the file of a region.
     *
     * @throws org.processmanager.sync.RegionException if it cannot be opened
     */
    public ObjectReader(Path path) {
        region = new RegionReading.OfFile(path);
    }

    /** Returns the objects of the region. */
    public List<RegionObject> objects() {
        return region.read(tables -> new ObjectDirectory(region.path(), tables, region.header()).objects());
    }

    /** Returns the bytes of an object, which other processes may change while they are copied. */
    public ObjectHandler.Bytes bytes(RegionObject object) {
        return region.bytes(object);
    }

    /** Returns the state of an object in a few words. */
    public String state(RegionObject object) {
        return region.read(tables -> new ObjectInspector(tables, region.header(), region.isAbsent())
                .state(object, region.bytes(object))
                .description());
    }

    /**
     * Returns the participant that a word names; null if it names none, or one that has left.
     *
     * @param word slot and generation, as words name a participant
     */
    public @Nullable Participant participant(int word) {
        return region.read(tables -> participant(tables, word));
    }

    private @Nullable Participant participant(ByteBuffer tables, int word) {
        int slot = Participants.slot(word);
        if (slot < 1
                || slot > region.header().slots()
                || SlotLayout.stateAcquire(tables, slot) == SlotLayout.FREE
                || Participants.word(slot, SlotLayout.generationAcquire(tables, slot)) != word) {
            return null;
        }
        return new Participant(
                slot,
                SlotLayout.pidPlain(tables, slot),
                SlotLayout.namePlain(tables, slot),
                Instant.ofEpochMilli(SlotLayout.joinedMillisPlain(tables, slot)),
                !region.isAbsent().test(slot));
    }

    @Override
    public void close() {
        region.close();
    }
}
