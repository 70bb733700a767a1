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
 * Repairs and inspects the objects of one type. Objects without a handler are not repaired: their words keep naming a dead
 * participant, which is recognized as dead until its slot has been reused 65 536 times.
 */
public interface ObjectHandler {
    /**
     * Marks what a dead participant owned, and wakes all sleepers on the words of the object. The process can be killed
     * between any two steps; another one then calls this again for the same participant.
     *
     * @param dead the participant as words name it
     */
    void repair(ByteBuffer memory, Parking parking, RegionObject object, int dead);

    /**
     * Marks what a dead participant owned, as {@link #repair} does, but wakes nothing; returns whether anything was marked.
     * Other processes may mark and repair at the same time. For objects whose users depend on repair; the words of others can
     * be taken over while they name a dead participant.
     */
    default boolean mark(ByteBuffer memory, RegionObject object, int dead) {
        return false;
    }

    /** Returns how many bytes of the object {@link #state} reads. */
    int stateBytes(RegionObject object);

    /**
     * Reads the state of an object from its first bytes. Reads the count of deaths last, since repair raises it before it
     * changes what a dead participant owned.
     *
     * @param bytes the object, from index 0: a copy, during which it may have changed, or the memory itself, where it may
     *     change concurrently
     * @param isDead whether a participant, as words name it, is dead
     */
    State state(ByteBuffer bytes, RegionObject object, IntPredicate isDead);

    /** As {@link #state(ByteBuffer, RegionObject, IntPredicate)}, for a large object whose state is spread over all of it. */
    default State state(Bytes object, RegionObject description, IntPredicate isDead) {
        return state(object.read(0, Math.min(stateBytes(description), description.bytes())), description, isDead);
    }

    /** The bytes of an object. */
    @FunctionalInterface
    interface Bytes {
        /** Returns some of them, as a direct buffer in native order that is valid until the next call. */
        ByteBuffer read(int position, int bytes);
    }

    /**
     * The state of an object.
     *
     * @param description in a few words
     * @param owners the participants that own it, or parts of it
     * @param deathsRepaired how many deaths were repaired in it
     */
    record State(String description, List<OwnerWord> owners, long deathsRepaired) {
        /** Copies the list. */
        public State {
            owners = List.copyOf(owners);
        }
    }

    /**
     * An owner of an object, or of a part of it.
     *
     * @param role what it owns
     * @param participant as words name it
     * @param thread the id of the thread there, 0 if unknown
     * @param threadName its name, empty if unknown
     * @param sinceMillis since 1970, 0 if unknown
     */
    record OwnerWord(Role role, int participant, long thread, String threadName, long sinceMillis) {
        /** An owner of a part. */
        public OwnerWord(int participant, long thread, long sinceMillis) {
            this(Role.PART, participant, thread, "", sinceMillis);
        }

        /** Returns the same owner in another role. */
        public OwnerWord as(Role other) {
            return new OwnerWord(other, participant, thread, threadName, sinceMillis);
        }
    }

    /** What an owner owns. */
    enum Role {
        /** A part of the object, or all of it, which any thread of the participant may release. */
        PART,
        /** All of it: until that thread releases it, nothing else can be acquired, unless it dies. */
        EXCLUSIVE,
        /** As EXCLUSIVE, but other threads may read. */
        UPDATE,
        /** Read holds, for which a writer waits after it has acquired the rest. */
        READ
    }

    /** Registers the handler of a type, once for each JVM. */
    static void register(ObjectType type, ObjectHandler handler) {
        Registry.TYPES.put(type.code(), type);
        Registry.HANDLERS.put(type.code(), handler);
    }

    /** Returns the handler of a type by its code, or null. */
    static @Nullable ObjectHandler of(int code) {
        Registry.load();
        return Registry.HANDLERS.get(code);
    }

    /** Returns the type of a code; an unregistered one is known by its number only. */
    static ObjectType type(int code) {
        Registry.load();
        ObjectType type = Registry.TYPES.get(code);
        return type != null ? type : ObjectType.of(Math.max(1, code), "type " + code, 0, "a", "b", "c");
    }

    /** The types that this JVM has loaded. */
    final class Registry {
        private static final Map<Integer, ObjectType> TYPES = new ConcurrentHashMap<>();
        private static final Map<Integer, ObjectHandler> HANDLERS = new ConcurrentHashMap<>();

        private static final ReentrantLock LOADING = new ReentrantLock();
        private static volatile boolean loaded;

        private Registry() {}

        /** Not a static initializer: the registering modules come back to this class. */
        private static void load() {
            if (loaded) {
                return;
            }
            LOADING.lock();
            try {
                if (!loaded) {
                    for (ObjectTypes types :
                            ServiceLoader.load(ObjectTypes.class, ObjectTypes.class.getClassLoader())) {
                        types.register();
                    }
                    loaded = true;
                }
            } finally {
                LOADING.unlock();
            }
        }
    }
}
