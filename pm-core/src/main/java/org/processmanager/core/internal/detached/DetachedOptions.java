package org.processmanager.core.internal.detached;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.Ready;
import org.processmanager.core.internal.posix.PathText;

/**
 * How a detached process is kept running.
 *
 * @param readiness how it is known that it is ready, as stored by the command; empty if it is ready at once
 * @param logBytes the size at which a log file is replaced by a new one
 */
public record DetachedOptions(Map<String, String> readiness, long logBytes) {
    private static final String LOG_BYTES = "logBytes";
    private static final String READY = "ready.";
    private static final String TIMEOUT = READY + "timeout";

    void put(Map<String, String> content) {
        content.putAll(readiness);
        content.put(LOG_BYTES, Long.toString(logBytes));
    }

    static DetachedOptions of(Properties file) {
        Map<String, String> readiness = new HashMap<>();
        for (String key : file.stringPropertyNames()) {
            if (key.startsWith(READY)) {
                readiness.put(key, file.getProperty(key));
            }
        }
        return new DetachedOptions(Map.copyOf(readiness), Long.parseLong(file.getProperty(LOG_BYTES, "")));
    }

    /** Returns a copy with other readiness. */
    public DetachedOptions withReadiness(Map<String, String> changed) {
        return new DetachedOptions(Map.copyOf(changed), logBytes);
    }

    /** Returns a copy with another size of the log files. */
    public DetachedOptions withLogBytes(long changed) {
        return new DetachedOptions(readiness, changed);
    }

    /** Returns the longest wait until it is ready. */
    public Duration readyTimeout() {
        String timeout = readiness.get(TIMEOUT);
        return timeout == null ? Duration.ZERO : Duration.parse(timeout);
    }

    boolean waitsUntilReady() {
        return !readiness.isEmpty();
    }

    /** Returns the command with the stored readiness. */
    Command ready(Command command) {
        Ready ready = ready();
        return ready == null ? command : command.ready(ready, readyTimeout());
    }

    private @Nullable Ready ready() {
        String line = readiness.get(READY + "line");
        if (line != null) {
            return Ready.line(Pattern.compile(line, Integer.parseInt(readiness.getOrDefault(READY + "flags", "0"))));
        }
        String port = readiness.get(READY + "port");
        if (port != null) {
            return Ready.port(Integer.parseInt(port));
        }
        String path = readiness.get(READY + "file");
        if (path != null) {
            return Ready.file(PathText.toPath(path));
        }
        return readiness.containsKey(READY + "fd") ? Ready.fd() : null;
    }
}
