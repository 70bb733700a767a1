package org.processmanager.core.internal.util;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The id that Linux gives to each boot of the machine. */
public final class BootId {
    private static final String TEXT = read();

    private BootId() {}

    /** Returns the id as text; empty where there is none. */
    public static String text() {
        return TEXT;
    }

    /** Returns the id; zero where there is none. */
    public static UUID uuid() {
        try {
            return UUID.fromString(TEXT);
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0);
        }
    }

    private static String read() {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/sys/kernel/random/boot_id"));
            return new String(bytes, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
