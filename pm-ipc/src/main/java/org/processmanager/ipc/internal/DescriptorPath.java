package org.processmanager.ipc.internal;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths of the descriptors of this process, as {@code /proc/self/fd/3}. */
public final class DescriptorPath {
    private static final String DIRECTORY = "/proc/self/fd/";
    private static final Pattern PATH = Pattern.compile("/(?:proc/self|dev)/fd/(\\d{1,9})");

    private DescriptorPath() {}

    /** Returns the path of a descriptor. */
    public static String of(int descriptor) {
        return DIRECTORY + descriptor;
    }

    /** Returns the descriptor that a path names; empty if it is another path. */
    public static OptionalInt descriptor(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }
}
