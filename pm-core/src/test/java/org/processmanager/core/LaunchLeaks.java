package org.processmanager.core;

import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.LeakCheck;

/** The leak check of classes that launch: without what the library keeps for the next launch, as {@link LauncherContract}. */
public final class LaunchLeaks {
    private LaunchLeaks() {}

    public static LeakCheck check() {
        return new LeakCheck()
                .after(PosixLauncher::isAvailable)
                .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");
    }
}
