package org.processmanager.core.internal.launch;

/** Starts children by {@link ProcessBuilder}. */
public final class JdkLauncher implements Launcher {
    @Override
    public Child launch(LaunchSpec spec, boolean callerWaits) {
        throw new UnsupportedOperationException("not yet");
    }
}
