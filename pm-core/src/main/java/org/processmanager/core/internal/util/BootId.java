package org.processmanager.core.internal.util;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The number that Linux gives to each of its boots; zero where there is none. */
public final class BootId {
    private static final UUID UNKNOWN = new UUID(0, 0);
    private static final UUID CURRENT = read();

    private BootId() {}

    public static UUID current() {
        return CURRENT;
    }

    private static UUID read() {
        try {
            return UUID.fromString(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        } catch (IOException | IllegalArgumentException e) {
            return UNKNOWN; // it is for people: that all holders are dead is told by their locks
        }
    }
}
