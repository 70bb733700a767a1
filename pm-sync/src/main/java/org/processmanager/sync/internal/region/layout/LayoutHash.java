package org.processmanager.sync.internal.region.layout;

/**
 * A hash of the offsets and sizes of a layout: two builds that place a field differently never share a file, whatever their
 * version numbers are. FNV-1a (Fowler, Noll, Vo), 64 bits.
 */
final class LayoutHash {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private LayoutHash() {}

    /** Returns the hash of a layout. */
    static long of(int... offsetsAndSizes) {
        long hash = BASIS;
        for (int value : offsetsAndSizes) {
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                hash = (hash ^ ((value >>> shift) & 0xff)) * PRIME;
            }
        }
        return hash;
    }
}
