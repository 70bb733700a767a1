package org.processmanager.sync.internal.region.layout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Unique ids, which need not be unpredictable: from the kernel, since loading {@link java.security.SecureRandom} costs more
 * than opening a region.
 */
public final class RandomId {
    private static final Path SOURCE = Path.of("/proc/sys/kernel/random/uuid");

    private RandomId() {}

    /** Returns a new id. */
    public static UUID next() {
        try {
            byte[] bytes = Files.readAllBytes(SOURCE);
            return UUID.fromString(new String(bytes, StandardCharsets.ISO_8859_1).strip());
        } catch (IOException | IllegalArgumentException e) {
            SplittableRandom random = new SplittableRandom(
                    System.nanoTime() ^ ProcessHandle.current().pid() << Integer.SIZE);
            return new UUID(random.nextLong() ^ System.currentTimeMillis(), random.nextLong());
        }
    }
}
