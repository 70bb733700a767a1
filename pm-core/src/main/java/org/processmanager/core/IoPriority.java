package org.processmanager.core;

import java.util.Objects;

/**
 * The I/O scheduling class and level of a program, for disks whose scheduler supports them.
 *
 * @param kind the class
 * @param level from 0, the highest priority, to 7; always 0 for {@link Kind#IDLE}
 */
public record IoPriority(Kind kind, int level) {
    private static final int LAST_LEVEL = 7;

    /** The scheduling class. */
    public enum Kind {
        /** Served before all others; needs CAP_SYS_ADMIN or CAP_SYS_NICE. */
        REAL_TIME,
        /** The default of the system. */
        BEST_EFFORT,
        /** Served only when no other process needs the disk. */
        IDLE
    }

    /**
     * Checks the level.
     *
     * @param kind the class
     * @param level from 0 to 7; 0 for {@link Kind#IDLE}
     * @throws IllegalArgumentException if the level is out of range
     */
    public IoPriority {
        Objects.requireNonNull(kind, "kind");
        int last = kind == Kind.IDLE ? 0 : LAST_LEVEL;
        if (level < 0 || level > last) {
            throw new IllegalArgumentException(
                    "level: " + level + " (expected: " + (last == 0 ? "0" : "0 to " + last) + " for " + kind + ")");
        }
    }

    /**
     * Returns a priority of the real-time class.
     *
     * @param level from 0, the highest priority, to 7
     * @return the priority
     * @throws IllegalArgumentException if the level is out of range
     */
    public static IoPriority realTime(int level) {
        return new IoPriority(Kind.REAL_TIME, level);
    }

    /**
     * Returns a priority of the best-effort class.
     *
     * @param level from 0, the highest priority, to 7
     * @return the priority
     * @throws IllegalArgumentException if the level is out of range
     */
    public static IoPriority bestEffort(int level) {
        return new IoPriority(Kind.BEST_EFFORT, level);
    }

    /**
     * Returns the priority of the idle class.
     *
     * @return the priority
     */
    public static IoPriority idle() {
        return new IoPriority(Kind.IDLE, 0);
    }
}
