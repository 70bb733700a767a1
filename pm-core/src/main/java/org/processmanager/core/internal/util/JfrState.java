package org.processmanager.core.internal.util;

/**
 * Whether the JDK's flight recorder has been started in this JVM. The question is asked for each event, so it costs the read of a
 * system property, which the recorder sets with its first recording on disk. Recordings in memory set none and are not seen.
 */
public final class JfrState {
    private static final String REPOSITORY = "jdk.jfr.repository";

    private JfrState() {}

    /** Returns whether there is, or was, a recording on disk. Loads no class of the recorder. */
    public static boolean isStarted() {
        return System.getProperty(REPOSITORY) != null;
    }
}
