package org.processmanager.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.fixtures.LeakCheck;

/** The leak check of classes that launch: without what the library keeps for the next launch, as {@link LauncherContract}. */
public final class LaunchLeaks {
    private LaunchLeaks() {}

    public static LeakCheck check() {
        return new LeakCheck()
                .after(LaunchLeaks::loadLibraries)
                .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");
    }

    /** Does what leaves something open at its first use: JDK 25 keeps a socket once it has closed one. */
    static void loadLibraries() {
        PosixLauncher.isAvailable();
        try {
            new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
