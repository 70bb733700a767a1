package org.processmanager.core.internal.posix;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strings as C wants them: UTF-8 with a NUL at the end, whatever the locale of the JVM is. */
final class CString {
    private CString() {}

    /**
     * The bytes of a string and a NUL.
     *
     * @throws IllegalArgumentException if the string has a NUL of its own, which C would take for its end
     */
    static byte[] of(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character stands in \"" + text.replace("\0", "\\0") + "\"");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
