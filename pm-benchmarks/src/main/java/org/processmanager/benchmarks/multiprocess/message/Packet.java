package org.processmanager.benchmarks.multiprocess.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A message as bytes, for candidates that carry byte arrays or byte buffers, in native order. */
public final class Packet {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Packet() {}

    public static void write(byte[] message, long head) {
        LONG.set(message, 0, head);
        LONG.set(message, message.length - Long.BYTES, Message.tail(head));
    }

    public static void deliver(byte[] message, Sink sink) {
        sink.accept((long) LONG.get(message, 0), (long) LONG.get(message, message.length - Long.BYTES));
    }

    /** Allocates a buffer outside the heap. */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    public static void write(ByteBuffer buffer, int offset, int length, long head) {
        buffer.putLong(offset, head);
        buffer.putLong(offset + length - Long.BYTES, Message.tail(head));
    }

    public static void deliver(ByteBuffer buffer, int offset, int length, Sink sink) {
        sink.accept(buffer.getLong(offset), buffer.getLong(offset + length - Long.BYTES));
    }
}
