package org.processmanager.core.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** A NULL-terminated array of C strings in one block of native memory, as {@code argv} and {@code environ} are. */
public final class CStrings implements AutoCloseable {
    private final NativeBlock block;

    private CStrings(List<byte[]> terminated) {
        long at = (long) Native.POINTER_SIZE * (terminated.size() + 1);
        long size = at;
        for (byte[] string : terminated) {
            size += string.length;
        }
        block = new NativeBlock(size);
        Pointer start = block.pointer();
        long slot = 0;
        for (byte[] string : terminated) {
            start.write(at, string, 0, string.length);
            start.setLong(slot, block.address() + at);
            at += string.length;
            slot += Native.POINTER_SIZE;
        }
    }

    /**
     * Returns an array of strings in UTF-8.
     *
     * @throws IllegalArgumentException if a string contains a NUL
     */
    public static CStrings of(List<String> strings) {
        List<byte[]> encoded = new ArrayList<>(strings.size());
        for (String string : strings) {
            encoded.add(CStrings.terminated(string));
        }
        return new CStrings(encoded);
    }

    /** Returns an array of encoded strings, each with one NUL, at its end. */
    public static CStrings ofTerminated(List<byte[]> strings) {
        return new CStrings(strings);
    }

    /**
     * Returns the bytes of a string in UTF-8, whatever the locale of the JVM is, and a NUL. The text of a path may have bytes
     * that are no UTF-8: see {@link PathText}.
     *
     * @throws IllegalArgumentException if the string contains a NUL, which C would take for its end
     */
    public static byte[] terminated(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in \"" + text.replace("\0", "\\0") + "\"");
        }
        return PathText.terminated(text);
    }

    Pointer pointer() {
        return block.pointer();
    }

    @Override
    public void close() {
        block.close();
    }
}
