package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.processmanager.fixtures.Tmp;

/** Its methods have the results of those of {@link AtomicLong}. */
class SharedLongTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    /** All public methods of {@link AtomicLong}, so that one that has no counterpart fails. */
    static Stream<Method> methods() {
        return Arrays.stream(AtomicLong.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.isAnnotationPresent(Deprecated.class))
                .filter(method -> !method.getName().equals("toString"));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void method_doesWhatAtomicLongDoes(Method method) throws Exception {
        Method counterpart = SharedLong.class.getMethod(method.getName(), method.getParameterTypes());
        assertEquals(method.getReturnType(), counterpart.getReturnType());
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1))) {
            SharedLong number = memory.atomicLong("number");
            for (long start : new long[] {0, -1, 7, Long.MAX_VALUE, Long.MIN_VALUE, 0x1234_5678_9abc_def0L}) {
                for (long first : new long[] {start, start + 1}) {
                    AtomicLong expected = new AtomicLong(start);
                    number.set(start);
                    Object[] arguments = arguments(method, first);
                    assertEquals(invoke(method, expected, arguments), invoke(counterpart, number, arguments));
                    assertEquals(expected.get(), number.get(), method + " of " + start);
                }
            }
        }
    }

    private static Object[] arguments(Method method, long first) {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i] == LongUnaryOperator.class) {
                arguments[i] = (LongUnaryOperator) x -> x * 3 + 1;
            } else if (types[i] == LongBinaryOperator.class) {
                arguments[i] = (LongBinaryOperator) (x, y) -> 2 * x - y;
            } else {
                arguments[i] = first + 5 * i;
            }
        }
        return arguments;
    }

    /** A weak compare-and-set may fail for no reason, and is then repeated. */
    private static Object invoke(Method method, Number target, Object[] arguments) throws Exception {
        boolean mustSet = method.getName().startsWith("weak") && arguments[0].equals(target.longValue());
        Object result;
        do {
            result = method.invoke(target, arguments);
        } while (mustSet && result.equals(false));
        return result;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void method_afterCloseOrRemoval_throws(Method method) throws Exception {
        Method counterpart = SharedLong.class.getMethod(method.getName(), method.getParameterTypes());
        SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1));
        SharedLong removed = memory.atomicLong("removed");
        SharedLong number = memory.atomicLong("number");
        memory.remove("removed");
        assertInstanceOf(RegionException.class, failure(counterpart, removed));
        memory.close();
        assertInstanceOf(IllegalStateException.class, failure(counterpart, number));
    }

    private static Throwable failure(Method method, SharedLong target) {
        Object[] arguments = arguments(method, 0);
        return assertThrows(InvocationTargetException.class, () -> method.invoke(target, arguments))
                .getCause();
    }

    @Test
    void snapshot_hasTheValue() {
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1))) {
            SharedLong number = memory.atomicLong("number");
            number.set(2);
            assertEquals("2", number.snapshot().state());
        }
    }

    @Test
    void serialization_isRefused() throws IOException {
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1));
                ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            SharedLong number = memory.atomicLong("number");
            assertThrows(NotSerializableException.class, () -> out.writeObject(number));
        }
    }

    @Test
    void updates_byManyThreads_areAllCounted() {
        int threads = 4;
        int each = 2_000;
        try (SharedMemory memory = SharedMemory.create(tmp.name("m"), SharedMemory.megabytes(1))) {
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
}
