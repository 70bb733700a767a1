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
import org.processmanager.core.supervise.Restart;

/**
 * How a detached process is kept running.
 *
 * @param readiness how it is known that it is ready, as stored by the command; empty if it is ready at once
 * @param restart when it is started again
 * @param logBytes the size at which a log file is replaced by a new one
 */
public record DetachedOptions(Map<String, String> readiness, Restart restart, long logBytes) {
    private static final String LOG_BYTES = "logBytes";
    private static final String RESTART = "restart.";
    private static final String READY = "ready.";
    private static final String TIMEOUT = READY + "timeout";

    void put(Map<String, String> content) {
        content.putAll(readiness);
        content.put(LOG_BYTES, Long.toString(logBytes));
        content.put(RESTART + "afterSuccess", Boolean.toString(restart.restartsAfter(true)));
        content.put(RESTART + "afterFailure", Boolean.toString(restart.restartsAfter(false)));
        content.put(RESTART + "first", restart.delay(0, 0).toString());
        content.put(RESTART + "longest", restart.longestDelay().toString());
        content.put(RESTART + "jitter", Double.toString(jitter()));
        restart.limit().ifPresent(limit -> {
            content.put(RESTART + "limit", Integer.toString(limit));
            content.put(RESTART + "window", restart.window().toString());
        });
    }

    static DetachedOptions of(Properties file) {
        Map<String, String> readiness = new HashMap<>();
        for (String key : file.stringPropertyNames()) {
            if (key.startsWith(READY)) {
                readiness.put(key, file.getProperty(key));
            }
        }
        return new DetachedOptions(
                Map.copyOf(readiness), restart(file), Long.parseLong(file.getProperty(LOG_BYTES, "")));
    }

    /** Returns by which fraction a delay is shortened at most; 0 if there is no delay. */
    private double jitter() {
        double whole = restart.delay(Integer.MAX_VALUE, 0).toNanos();
        return whole == 0 ? 0 : 1 - restart.delay(Integer.MAX_VALUE, 1).toNanos() / whole;
    }

    private static Restart restart(Properties file) {
        boolean afterSuccess = Boolean.parseBoolean(file.getProperty(RESTART + "afterSuccess"));
        boolean afterFailure = Boolean.parseBoolean(file.getProperty(RESTART + "afterFailure"));
        Restart restart = (afterSuccess ? Restart.always() : afterFailure ? Restart.onFailure() : Restart.never())
                .backOff(
                        Duration.parse(file.getProperty(RESTART + "first", "")),
                        Duration.parse(file.getProperty(RESTART + "longest", "")))
                .jitter(Math.min(1, Math.max(0, Double.parseDouble(file.getProperty(RESTART + "jitter", "")))));
        String limit = file.getProperty(RESTART + "limit");
        return limit == null
                ? restart
                : restart.atMost(Integer.parseInt(limit), Duration.parse(file.getProperty(RESTART + "window", "")));
    }

    /** Returns a copy with another rule of restarts. */
    public DetachedOptions withRestart(Restart changed) {
        return new DetachedOptions(readiness, changed, logBytes);
    }

    /** Returns a copy with another size of the log files. */
    public DetachedOptions withLogBytes(long changed) {
        return new DetachedOptions(readiness, restart, changed);
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
