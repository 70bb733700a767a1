package org.processmanager.core.internal.detached;

import java.util.Map;
import java.util.Properties;

/**
 * How a detached process is kept running.
 *
 * @param logBytes the size at which a log file is replaced by a new one
 */
public record DetachedOptions(long logBytes) {
    private static final String LOG_BYTES = "logBytes";

    void put(Map<String, String> content) {
        content.put(LOG_BYTES, Long.toString(logBytes));
    }

    static DetachedOptions of(Properties file) {
        return new DetachedOptions(Long.parseLong(file.getProperty(LOG_BYTES, "")));
    }
}
