package org.processmanager.core.internal.util;

import org.slf4j.Logger;

/** Logging where nothing may go wrong any more: without memory, or with a logger that fails, the message is lost. */
public final class QuietLog {
    private QuietLog() {}

    /** Loads this class while there is memory for that. */
    public static void load() {}

    /** Logs an error, if that can be done. */
    public static void log(Logger log, String what, Throwable failure) {
        try {
            log.error(what, failure);
        } catch (Throwable e) {
            // there is nobody left to tell
        }
    }
}
