package org.processmanager.sync.internal.region.object;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.processmanager.sync.internal.region.park.Parking;

/**
 * What a kind of object needs when a participant dies, and how it is shown to people. A kind that registers none is left
 * alone: its words name the dead one's generation, by which they are known as those of a dead one until the slot was used
 * 65 536 times more.
 */
public interface ObjectHandler {
    /**
     * Marks what a dead participant had, and wakes all who sleep on the words of the object. It can be killed between any
     * two steps and is then called again, by another process, for the same participant.
     *
     * @param dead the participant as words name it
     */
    void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead);

    /** How many bytes of the object {@link #look} wants to see. */
    int shownBytes(RegionObject object);

    /**
     * Reads the state of an object from its first bytes: the count of deaths last, which is raised before what was the dead
     * one's is changed.
     *
     * @param bytes where the object begins at 0: a copy, during which it may have been changed, or the memory itself, where it
     *     may be changed now
     * @param isDead tells of a participant in a word
     */
    Look look(ByteBuffer bytes, RegionObject object, IntPredicate isDead);

    /**
     * The state of an object.
     *
     * @param state in a few words
     * @param owners who has it, or parts of it
     * @param deathsRepaired how many deaths survivors made good for here
     */
    record Look(String state, List<OwnerWord> owners, long deathsRepaired) {
        /** Copies the list. */
        public Look {
            owners = List.copyOf(owners);
        }
    }

    /**
     * Who has an object, or a part of it.
     *
     * @param participant as words name it
     * @param thread the number of the thread there, 0 if that is not known
     * @param sinceMillis since 1970, 0 if that is not known
     */
    record OwnerWord(int participant, long thread, long sinceMillis) {}

    /** Registers the care of a kind, once for each JVM. */
    static void register(ObjectType kind, ObjectHandler care) {
        Registry.KINDS.put(kind.code(), kind);
        Registry.CARES.put(kind.code(), care);
    }

    /** The care of a kind by its code, or null. */
    static @Nullable ObjectHandler of(int code) {
        Registry.load();
        return Registry.CARES.get(code);
    }

    /** The kind of a code; one that nobody registered is known by its number alone. */
    static ObjectType kind(int code) {
        Registry.load();
        ObjectType kind = Registry.KINDS.get(code);
        return kind != null ? kind : ObjectType.of(Math.max(1, code), "kind " + code, 0, "a", "b", "c");
    }

    /** The kinds that this JVM has loaded. */
    final class Registry {
        private static final Map<Integer, ObjectType> KINDS = new ConcurrentHashMap<>();
        private static final Map<Integer, ObjectHandler> CARES = new ConcurrentHashMap<>();

        private static final ReentrantLock LOADING = new ReentrantLock();
        private static volatile boolean loaded;

        private Registry() {}

        /** Not while this class is initialised: those who register come back to it. */
        private static void load() {
            if (loaded) {
                return;
            }
            LOADING.lock();
            try {
                if (!loaded) {
                    for (ObjectTypes kinds :
                            ServiceLoader.load(ObjectTypes.class, ObjectTypes.class.getClassLoader())) {
                        kinds.register();
                    }
                    loaded = true;
                }
            } finally {
                LOADING.unlock();
            }
        }
    }
}
