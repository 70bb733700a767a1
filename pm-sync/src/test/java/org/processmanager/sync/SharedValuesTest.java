package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;
import org.processmanager.sync.internal.SyncObjectTypes;
import org.processmanager.sync.internal.region.object.ObjectType;

/** Numbers, booleans and arrays of numbers: their methods have the results of those of the JDK's atomic classes. */
class SharedValuesTest {
    private static final int LENGTH = 3;
    private static final int INDEX = 1;
    private static final Duration LONG_TIME = Duration.ofSeconds(60);

    /** A class of the JDK, and ours that has its methods. */
    enum Type {
        LONG(
                AtomicLong.class,
                AtomicLong::new,
                SharedLong.class,
                memory -> memory.atomicLong("o"),
                SyncObjectTypes.LONG),
        INT(
                AtomicInteger.class,
                start -> new AtomicInteger((int) start),
                SharedInt.class,
                memory -> memory.atomicInt("o"),
                SyncObjectTypes.INT),
        BOOLEAN(
                AtomicBoolean.class,
                start -> new AtomicBoolean(start % 2 != 0),
                SharedBoolean.class,
                memory -> memory.atomicBoolean("o"),
                SyncObjectTypes.BOOLEAN),
        LONG_ARRAY(
                AtomicLongArray.class,
                start -> new AtomicLongArray(new long[] {0, start, 0}),
                SharedLongArray.class,
                memory -> memory.longs("o", LENGTH),
                SyncObjectTypes.LONG_ARRAY);

        private final Class<?> model;
        private final LongFunction<Object> newModel;
        private final Class<?> shared;
        private final Function<SharedMemory, Object> open;
        private final ObjectType object;

        Type(
                Class<?> model,
                LongFunction<Object> newModel,
                Class<?> shared,
                Function<SharedMemory, Object> open,
                ObjectType object) {
            this.model = model;
            this.newModel = newModel;
            this.shared = shared;
            this.open = open;
            this.object = object;
        }

        /** All public methods of the model, so that one that has no counterpart fails. */
        List<Verb> verbs() {
            return Arrays.stream(model.getDeclaredMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers()))
                    .filter(method -> !method.isAnnotationPresent(Deprecated.class))
                    .filter(method -> !method.getName().equals("toString"))
                    .filter(method -> !method.getName().equals("length")) // it is not in the region
                    .map(method -> new Verb(this, method))
                    .toList();
        }
    }

    /** A method of the JDK's class. */
    record Verb(Type type, Method method) {
        Method counterpart() throws NoSuchMethodException {
            return type.shared.getMethod(method.getName(), method.getParameterTypes());
        }

        boolean hasIndex() {
            return type == Type.LONG_ARRAY && method.getParameterCount() > 0;
        }

        /** Arguments of which the first value is the given one. */
        Object[] arguments(int index, long first) {
            Class<?>[] types = method.getParameterTypes();
            Object[] arguments = new Object[types.length];
            int start = hasIndex() ? 1 : 0;
            for (int i = start; i < types.length; i++) {
                arguments[i] = argument(types[i], first + 5L * (i - start));
            }
            if (hasIndex()) {
                arguments[0] = index;
            }
            return arguments;
        }

        private static Object argument(Class<?> type, long value) {
            if (type == LongUnaryOperator.class) {
                return (LongUnaryOperator) x -> x * 3 + 1;
            } else if (type == LongBinaryOperator.class) {
                return (LongBinaryOperator) (x, y) -> 2 * x - y;
            } else if (type == IntUnaryOperator.class) {
                return (IntUnaryOperator) x -> x * 3 + 1;
            } else if (type == IntBinaryOperator.class) {
                return (IntBinaryOperator) (x, y) -> 2 * x - y;
            } else if (type == boolean.class) {
                return value % 2 != 0;
            }
            return type == int.class ? (Object) (int) value : value;
        }

        boolean changes() {
            String name = method.getName();
            return !name.endsWith("Value") && (name.contains("And") || !name.startsWith("get"));
        }

        /** A weak compare-and-set may fail for no reason, and is then repeated. */
        Object invoke(Method of, Object target, Object[] arguments) throws Exception {
            boolean mustSet =
                    method.getName().startsWith("weak") && arguments[hasIndex() ? 1 : 0].equals(value(target));
            Object result;
            do {
                result = of.invoke(target, arguments);
            } while (mustSet && result.equals(false));
            return result;
        }

        @Override
        public String toString() {
            return type + " " + method.getName();
        }
    }

    private static Object value(Object target) throws Exception {
        return target instanceof AtomicLongArray || target instanceof SharedLongArray
                ? target.getClass().getMethod("get", int.class).invoke(target, INDEX)
                : target.getClass().getMethod("get").invoke(target);
    }

    private static void set(Object target, long value) {
        if (target instanceof SharedLong number) {
            number.set(value);
        } else if (target instanceof SharedInt number) {
            number.set((int) value);
        } else if (target instanceof SharedBoolean flag) {
            flag.set(value % 2 != 0);
        } else {
            ((SharedLongArray) target).set(INDEX, value);
        }
    }

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("v"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("v"));
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    @ParameterizedTest
    @EnumSource
    void methods_doWhatThoseOfTheJdkDo(Type type) throws Exception {
        Object shared = type.open.apply(memory);
        Object seen = type.open.apply(other);
        for (Verb verb : type.verbs()) {
            Method counterpart = verb.counterpart();
            assertEquals(verb.method.getReturnType(), counterpart.getReturnType());
            for (long start : new long[] {0, -1, 7, Long.MAX_VALUE, Long.MIN_VALUE, 0x1234_5678_9abc_def0L}) {
                for (long first : new long[] {start, start + 1}) {
                    Object expected = type.newModel.apply(start);
                    set(shared, start);
                    Object[] arguments = verb.arguments(INDEX, first);
                    assertEquals(
                            verb.invoke(verb.method, expected, arguments), verb.invoke(counterpart, shared, arguments));
                    assertEquals(value(expected), value(seen), verb + " of " + start);
                }
            }
        }
        if (seen instanceof SharedLongArray array) {
            assertEquals(0, array.get(INDEX - 1) | array.get(INDEX + 1), "neighbours are not touched");
        }
    }

    @ParameterizedTest
    @EnumSource
    void methods_afterCloseOrRemoval_throw(Type type) throws Exception {
        Object removed = type.open.apply(memory);
        memory.remove("o");
        Object shared = type.open.apply(memory);
        for (Verb verb : type.verbs()) {
            assertInstanceOf(RegionException.class, failure(verb, removed, INDEX), verb::toString);
        }
        memory.close();
        for (Verb verb : type.verbs()) {
            assertInstanceOf(IllegalStateException.class, failure(verb, shared, INDEX), verb::toString);
        }
        assertEquals(value(type.newModel.apply(0)), value(type.open.apply(other)));
    }

    @Test
    void methods_withWrongIndex_throw() throws Exception {
        SharedLongArray array = memory.longs("o", LENGTH);
        for (Verb verb : Type.LONG_ARRAY.verbs()) {
            for (int index : new int[] {-1, LENGTH, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                assertInstanceOf(IndexOutOfBoundsException.class, failure(verb, array, index), verb::toString);
            }
        }
        assertEquals(LENGTH, array.length());
    }

    private static Throwable failure(Verb verb, Object target, int index) throws Exception {
        Method counterpart = verb.counterpart();
        Object[] arguments = verb.arguments(index, 0);
        return assertThrows(InvocationTargetException.class, () -> counterpart.invoke(target, arguments))
                .getCause();
    }

    /** Without the wake-up the thread would see the change, too, but a slice later. */
    @ParameterizedTest
    @EnumSource(names = "LONG_ARRAY", mode = EnumSource.Mode.EXCLUDE)
    void change_wakesWaitersAtOnce(Type type) throws Exception {
        Object shared = type.open.apply(memory);
        Object seen = type.open.apply(other);
        int wakeWord = memory.region.objects().find("o", type.object).offset() + 8;
        for (Verb verb : type.verbs()) {
            if (!verb.changes()) {
                continue;
            }
            set(shared, 0);
            Running<Object> waiter = Threads.start(() -> awaitChange(seen)).awaitAsleep();
            assertTrue(memory.region.memory().getInt(wakeWord) < 0, "the waiter is announced");
            boolean compares = verb.method.getName().toLowerCase(Locale.ROOT).contains("compare");
            verb.invoke(verb.counterpart(), shared, verb.arguments(INDEX, compares ? 0 : 1));
            assertTrue(memory.region.memory().getInt(wakeWord) > 0, verb::toString);
            assertEquals(value(shared), waiter.result(), verb::toString);
        }
    }

    private static Object awaitChange(Object shared) throws InterruptedException {
        if (shared instanceof SharedLong number) {
            return number.awaitChange(0, LONG_TIME);
        } else if (shared instanceof SharedInt number) {
            return number.awaitChange(0, LONG_TIME);
        }
        return ((SharedBoolean) shared).awaitChange(false, LONG_TIME);
    }

    @Test
    void awaitChange_returnsTheCurrentValue() throws InterruptedException {
        SharedLong number = memory.atomicLong("long");
        number.set(Long.MIN_VALUE);
        assertEquals(Long.MIN_VALUE, other.atomicLong("long").awaitChange(0));
        assertEquals(Long.MIN_VALUE, number.awaitChange(Long.MIN_VALUE, Duration.ofMillis(1)));
        memory.atomicInt("int").set(-1);
        assertEquals(-1, other.atomicInt("int").awaitChange(0));
        assertEquals(-1, other.atomicInt("int").awaitChangeUninterruptibly(7));
        assertFalse(memory.atomicBoolean("boolean").awaitChange(true));
        assertFalse(memory.atomicBoolean("boolean").awaitChangeUninterruptibly(true));
        assertFalse(memory.atomicBoolean("boolean").awaitChange(false, Duration.ofMillis(1)));
    }

    /** Two threads of one handle, which share a sleeper, wait for different values. */
    @Test
    void awaitChange_ofSeveralThreads_missesNothing() {
        int rounds = Soak.scaled(100_000, 1_000);
        SharedInt turn = memory.atomicInt("turn");
        Threads.runAll(3, thread -> {
            for (int round = 0; round < rounds; round++) {
                int value = turn.get();
                while (value % 3 != thread) {
                    value = turn.awaitChange(value, LONG_TIME);
                }
                turn.incrementAndGet();
            }
        });
        assertEquals(3 * rounds, turn.get());
    }

    @Test
    void values_areNamedAndShown() {
        assertSame(memory.atomicLong("long"), memory.atomicLong("long"));
        memory.atomicLong("long").set(-2);
        assertEquals("-2", memory.atomicLong("long").snapshot().state());
        memory.atomicInt("int").set(-3);
        assertEquals("-3", other.atomicInt("int").snapshot().state());
        memory.atomicBoolean("boolean").set(true);
        assertEquals("true", other.atomicBoolean("boolean").snapshot().state());
        assertEquals("3 elements", memory.longs("longs", 3).snapshot().state());
        assertEquals("5 elements", memory.bytes("bytes", 5).snapshot().state());
        assertEquals(
                List.of("boolean", "byte array", "int", "long", "long array"),
                memory.snapshot().objects().stream()
                        .map(RegionSnapshot.NamedObject::type)
                        .sorted()
                        .toList());
        assertEquals("int", memory.atomicInt("int").name());
        assertTrue(memory.longs("longs", 3).toString().startsWith("long array 'longs' of region "));
    }

    @Test
    @Scenario("cpython/28")
    void value_ofAnotherTypeOrSize_isRefused() {
        memory.atomicInt("int");
        memory.longs("longs", 3);
        memory.bytes("bytes", 5);
        memory.atomicBytes("value", 5);
        for (Executable refused : List.<Executable>of(
                () -> other.atomicLong("int"),
                () -> other.atomicBoolean("int"),
                () -> other.longs("longs", 4),
                () -> other.bytes("longs", 3),
                () -> other.bytes("bytes", 4),
                () -> other.atomicBytes("bytes", 5),
                () -> other.atomicBytes("value", 6))) {
            RegionException e = assertThrows(RegionException.class, refused);
            assertEquals(RegionException.Reason.TYPE_MISMATCH, e.reason(), e::getMessage);
            assertTrue(e.getMessage().contains("another name"), e.getMessage());
        }
        for (Executable refused : List.<Executable>of(
                () -> memory.longs("x", 0), () -> memory.bytes("x", -1), () -> memory.atomicBytes("x", 0))) {
            assertThrows(IllegalArgumentException.class, refused);
        }
        for (Executable tooLarge : List.<Executable>of(
                () -> memory.longs("x", Integer.MAX_VALUE),
                () -> memory.bytes("x", Integer.MAX_VALUE),
                () -> memory.atomicBytes("x", Integer.MAX_VALUE))) {
            assertEquals(
                    RegionException.Reason.FULL,
                    assertThrows(RegionException.class, tooLarge).reason());
        }
    }

    @Test
    void serialization_isRefused() throws IOException {
        try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            assertThrows(NotSerializableException.class, () -> out.writeObject(memory.atomicLong("long")));
            assertThrows(NotSerializableException.class, () -> out.writeObject(memory.atomicInt("int")));
        }
    }

    @Test
    void updates_byManyThreads_areAllCounted() {
        int threads = 4;
        int each = 2_000;
        SharedLong number = memory.atomicLong("number");
        List<ToLongFunction<SharedLong>> ways = List.of(
                SharedLong::incrementAndGet,
                SharedLong::getAndIncrement,
                n -> n.updateAndGet(x -> x + 1),
                n -> n.accumulateAndGet(1, Long::sum));
        Threads.runAll(threads, thread -> {
            for (int i = 0; i < each; i++) {
                ways.get(thread).applyAsLong(number);
            }
        });
        assertEquals((long) threads * each, number.get());
    }
}
