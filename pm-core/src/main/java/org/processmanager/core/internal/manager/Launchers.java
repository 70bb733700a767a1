package org.processmanager.core.internal.manager;

import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.launch.posix.PosixLauncher;

/** The choice between the implementations of {@link Launcher}. */
public final class Launchers {
    private Launchers() {}

    /** Returns the best launcher of this system: by {@code posix_spawn} where the native layer is available. */
    public static Launcher preferred() {
        return PosixLauncher.isAvailable() ? new PosixLauncher() : new JdkLauncher();
    }
}
