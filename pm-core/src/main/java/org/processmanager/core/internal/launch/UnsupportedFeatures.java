package org.processmanager.core.internal.launch;

import java.util.List;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.Spawn;

/** Refuses what only {@code posix_spawn} can do. */
public final class UnsupportedFeatures {
    private UnsupportedFeatures() {}

    /** @throws UnsupportedOperationException naming what was asked for and why it cannot be had, if there is anything */
    public static void refuse(List<String> features) {
        if (!features.isEmpty()) {
            String reason = NativeLayer.available() ? Spawn.unavailableReason() : NativeLayer.unavailableReason();
            throw new UnsupportedOperationException(String.join(", ", features)
                    + " cannot be had from ProcessBuilder, and the native layer "
                    + (reason == null ? "was not asked to start this process" : "is not available: " + reason));
        }
    }
}
