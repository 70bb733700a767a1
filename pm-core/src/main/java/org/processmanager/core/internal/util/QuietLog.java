package org.processmanager.core.internal.util;

import org.slf4j.Logger;

/** Logging that never throws: if the logger itself fails, the message is lost. */
public final class QuietLog {
    private QuietLog() {}

    /** Logs an error, if possible. */
    public static void log(Logger log, String what, Throwable failure) {
        try {
            log.error(what, failure);
        } catch (Throwable e) {
            // best effort
        }
    }
}
