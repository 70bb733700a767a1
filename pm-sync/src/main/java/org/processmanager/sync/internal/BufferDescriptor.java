package org.processmanager.sync.internal;

import java.nio.ByteBuffer;
import org.processmanager.sync.internal.region.Words;

/**
 * Layout of a bounded buffer in its textbook form, version 1.
 *
 * <pre>
 *      0 +----------------------------------------------+
 *        | mutex, as {@link MutexDescriptor}              128 |
 *    128 | empty, as {@link SemaphoreDescriptor}          128 |   counts free cells
 *    256 | filled, as {@link SemaphoreDescriptor}         128 |   counts items
 *    384 +----------------------+-----------------------+
 *        | items ever taken   8 | items ever put      8 |   changed by the owner of the mutex alone
 *    400 | pad                                      112 |
 *    512 +----------------------+-----------------------+
 *        | cells: length 4, content cellBytes, each rounded up to 8
 *        +----------------------------------------------+
 * </pre>
 *
 * <p>Item n lies in cell n modulo the number of cells.
 */
public final class BufferDescriptor {
    public static final int LAYOUT = 1;

    static final int MUTEX = 0;
    static final int EMPTY = 128;
    static final int FILLED = 256;

    private static final int TAKEN = 384;
    private static final int PUT = 392;
    static final int HEADER_BYTES = 512;

    private static final int CELLS = HEADER_BYTES;
    private static final int CELL_LENGTH = 0;
    private static final int CELL_CONTENT = 4;
    private static final int CELL_ALIGNMENT = 8;

    private BufferDescriptor() {}

    /** Bytes of a buffer; more than a region can have is possible. */
    public static long bytes(int cells, int cellBytes) {
        return CELLS + (long) cells * stride(cellBytes);
    }

    /** Writes the semaphores of a buffer that nobody can see yet. */
    public static void initializePlain(ByteBuffer region, int buffer, int cells) {
        SemaphoreDescriptor.initializePlain(region, buffer + EMPTY, cells);
        SemaphoreDescriptor.initializePlain(region, buffer + FILLED, 0);
    }

    static long stride(int cellBytes) {
        return ((long) CELL_CONTENT + cellBytes + CELL_ALIGNMENT - 1) & -CELL_ALIGNMENT;
    }

    static long takenVolatile(ByteBuffer region, int buffer) {
        return Words.longVolatile(region, buffer + TAKEN);
    }

    static void takenVolatile(ByteBuffer region, int buffer, long taken) {
        Words.putLongVolatile(region, buffer + TAKEN, taken);
    }

    static long putVolatile(ByteBuffer region, int buffer) {
        return Words.longVolatile(region, buffer + PUT);
    }

    static void putVolatile(ByteBuffer region, int buffer, long put) {
        Words.putLongVolatile(region, buffer + PUT, put);
    }

    /** Where the cell of an item lies. */
    static int cell(int buffer, long item, int cells, int cellBytes) {
        return buffer + CELLS + (int) (Math.floorMod(item, (long) cells) * stride(cellBytes));
    }

    static int lengthPlain(ByteBuffer region, int cell) {
        return Words.intPlain(region, cell + CELL_LENGTH);
    }

    static void lengthPlain(ByteBuffer region, int cell, int length) {
        Words.putIntPlain(region, cell + CELL_LENGTH, length);
    }

    static int content(int cell) {
        return cell + CELL_CONTENT;
    }
}
