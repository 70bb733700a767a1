package org.processmanager.core.internal.posix;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Points in a protocol at which a test kills this process, like {@code kill -9}. The system property {@value #PROPERTY} is
 * {@code <point>:<n>}: the process dies when it reaches the point for the n-th time. Without the property, which only tests
 * set, a call is an empty branch on a constant.
 */
public final class CrashPoint {
    /** System property, read once: {@code mutex.locked:3}. */
    public static final String PROPERTY = "org.processmanager.crash";

    private static final int SIGKILL = 9;
    private static final @Nullable String SETTING = System.getProperty(PROPERTY);
    private static final boolean ARMED = SETTING != null;
    private static final String POINT;
    private static final AtomicLong LEFT;

    static {
        String point = "";
        long count = 0;
        if (SETTING != null) {
            int colon = SETTING.lastIndexOf(':');
            point = colon < 0 ? SETTING : SETTING.substring(0, colon);
            count = colon < 0 ? 1 : Long.parseLong(SETTING.substring(colon + 1));
        }
        POINT = point;
        LEFT = new AtomicLong(count);
    }

    private CrashPoint() {}

    /** Marks that a point is reached; kills the process if the property says so. */
    public static void reach(String point) {
        if (ARMED && POINT.equals(point) && LEFT.decrementAndGet() == 0) {
            die();
        }
    }

    private static void die() {
        if (NativeLayer.available()) {
            Wait.kill(Wait.getpid(), SIGKILL);
        }
        Runtime.getRuntime().halt(128 + SIGKILL);
    }
}
