package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** A view of bytes of the region: what {@link ByteBuffer} does at an index, and nothing after the end. */
class SharedByteArrayTest {
    private static final int LENGTH = 40;

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory memory;
    private SharedMemory other;
    private SharedByteArray array;
    private SharedByteArray seen;

    @BeforeEach
    void open() {
        memory = SharedMemory.create(tmp.name("a"), SharedMemory.megabytes(1));
        other = SharedMemory.open(tmp.name("a"));
        array = memory.bytes("a", LENGTH);
        seen = other.bytes("a", LENGTH);
    }

    @AfterEach
    void close() {
        other.close();
        memory.close();
    }

    /** The methods of {@link ByteBuffer} that take or return a number at an index: {@code putInt(int, int)}. */
    static Stream<Method> numbers() {
        return Arrays.stream(ByteBuffer.class.getMethods())
                .filter(method -> method.getName().matches("put[A-Z].*|put"))
                .filter(method -> method.getParameterCount() == 2)
                .filter(method -> Arrays.stream(method.getParameterTypes()).allMatch(Class::isPrimitive));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void numbers_areThoseOfByteBuffer(Method put) throws Exception {
        ByteBuffer expected = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
        Class<?> type = put.getParameterTypes()[1];
        String get = put.getName().replace("put", "get");
        int bytes = type == byte.class ? 1 : (int) box(type).getField("BYTES").get(null);
        Method putHere = SharedByteArray.class.getMethod(put.getName(), put.getParameterTypes());
        Method getHere = SharedByteArray.class.getMethod(get, int.class);
        for (int index : new int[] {0, 1, 3, 8, LENGTH - bytes}) {
            Object value = number(type, 0x1122_3344_5566_77f8L + index);
            put.invoke(expected, index, value);
            putHere.invoke(array, index, value);
            assertEquals(value, getHere.invoke(seen, index));
            assertArrayEquals(expected.array(), content(seen));
        }
        for (int index : new int[] {-1, LENGTH - bytes + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            Object zero = number(type, 0);
            assertInstanceOf(IndexOutOfBoundsException.class, failure(() -> putHere.invoke(array, index, zero)));
            assertInstanceOf(IndexOutOfBoundsException.class, failure(() -> getHere.invoke(array, index)));
        }
        assertArrayEquals(expected.array(), content(seen));
    }

    private static Class<?> box(Class<?> primitive) {
        return java.lang.invoke.MethodType.methodType(primitive).wrap().returnType();
    }

    private static Object number(Class<?> type, long value) {
        if (type == byte.class) {
            return (byte) value;
        } else if (type == short.class) {
            return (short) value;
        } else if (type == char.class) {
            return (char) value;
        } else if (type == int.class) {
            return (int) value;
        } else if (type == float.class) {
            return value * 1.5f;
        }
        return type == double.class ? (Object) (value * 1.5) : value;
    }

    private static Throwable failure(Executable call) {
        return assertThrows(InvocationTargetException.class, call).getCause();
    }

    private static byte[] content(SharedByteArray array) {
        byte[] content = new byte[array.length()];
        array.get(0, content);
        return content;
    }

    @Test
    @Scenario("cpython/26")
    void array_isZeroAndBounded() {
        SharedByteArray before = memory.bytes("before", 128);
        SharedByteArray next = memory.bytes("next", 128);
        assertArrayEquals(new byte[LENGTH], content(seen));
        byte[] ones = new byte[LENGTH];
        Arrays.fill(ones, (byte) 1);
        array.put(0, ones);
        assertArrayEquals(ones, content(seen));
        assertArrayEquals(new byte[128], content(before));
        assertArrayEquals(new byte[128], content(next));
        assertEquals(LENGTH, seen.length());
        assertEquals("a", seen.name());
    }

    @Test
    void parts_areCopied() {
        array.put(3, new byte[] {9, 1, 2, 9}, 1, 2);
        array.put(5, ByteBuffer.wrap(new byte[] {9, 3, 4, 9}).position(1).limit(3));
        byte[] part = new byte[6];
        seen.get(3, part, 1, 4);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 0}, part);
        ByteBuffer buffer = ByteBuffer.allocateDirect(8).position(1).limit(4);
        seen.get(4, buffer);
        assertEquals(ByteBuffer.wrap(new byte[] {2, 3, 4}), buffer.flip().position(1));
        array.put(LENGTH, new byte[0]);
        array.get(LENGTH, ByteBuffer.allocate(0));
    }

    @Test
    void parts_outside_areRefused() {
        byte[] two = new byte[2];
        for (Executable outside : List.<Executable>of(
                () -> array.put(LENGTH - 1, two),
                () -> array.put(-1, two),
                () -> array.get(LENGTH - 1, two),
                () -> array.get(0, two, 1, 2),
                () -> array.put(0, two, 1, 2),
                () -> array.put(0, two, 0, -1),
                () -> array.get(Integer.MAX_VALUE, two),
                () -> array.put(LENGTH - 1, ByteBuffer.wrap(two)),
                () -> array.get(LENGTH - 1, ByteBuffer.wrap(two)))) {
            assertThrows(IndexOutOfBoundsException.class, outside);
        }
        assertArrayEquals(new byte[LENGTH], content(seen));
    }

    @Test
    @Scenario("values/6")
    void access_afterCloseOrRemoval_throws() {
        array.putInt(0, 7);
        memory.close();
        for (Executable late : accesses(array)) {
            assertThrows(IllegalStateException.class, late);
        }
        assertEquals(7, seen.getInt(0));
        other.remove("a");
        for (Executable late : accesses(seen)) {
            assertThrows(RegionException.class, late);
        }
        assertArrayEquals(new byte[LENGTH], content(other.bytes("a", LENGTH)));
    }

    private static List<Executable> accesses(SharedByteArray array) {
        return List.of(
                () -> array.get(0),
                () -> array.put(0, (byte) 1),
                () -> array.getShort(0),
                () -> array.putShort(0, (short) 1),
                () -> array.getChar(0),
                () -> array.putChar(0, 'x'),
                () -> array.getInt(0),
                () -> array.putInt(0, 1),
                () -> array.getLong(0),
                () -> array.putLong(0, 1),
                () -> array.getFloat(0),
                () -> array.putFloat(0, 1),
                () -> array.getDouble(0),
                () -> array.putDouble(0, 1),
                () -> array.get(0, new byte[1]),
                () -> array.put(0, new byte[] {1}),
                () -> array.get(0, ByteBuffer.allocate(1)),
                () -> array.put(0, ByteBuffer.wrap(new byte[] {1})),
                array::snapshot);
    }
}
