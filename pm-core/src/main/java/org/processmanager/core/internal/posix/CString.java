package org.processmanager.core.internal.posix;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** C strings: UTF-8 with a NUL at the end, independent of the locale of the JVM. */
final class CString {
    private CString() {}

    /**
     * Returns the bytes of a string and a NUL.
     *
     * @throws IllegalArgumentException if the string contains a NUL, which would end it in C
     */
    static byte[] of(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL character in \"" + text.replace("\0", "\\0") + "\"");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
