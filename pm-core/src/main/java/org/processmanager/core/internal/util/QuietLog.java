package org.processmanager.core.internal.util;

import org.slf4j.LoggerFactory;

/**
 * Logging that never throws: if the logger itself fails, the message is lost. Loggers are looked up where they are used,
 * since the first use of SLF4J loads hundreds of classes, which a launch that has nothing to report does without.
 */
public final class QuietLog {
    private QuietLog() {}

    /** Logs a warning, if possible. */
    public static void warn(Class<?> source, String what) {
        try {
            LoggerFactory.getLogger(source).warn(what);
        } catch (Throwable e) {
            // best effort
        }
    }

    /** Logs an error, if possible. */
    public static void log(Class<?> source, String what, Throwable failure) {
        try {
            LoggerFactory.getLogger(source).error(what, failure);
        } catch (Throwable e) {
            // best effort
        }
    }
}
