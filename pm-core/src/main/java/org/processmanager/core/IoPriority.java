package org.processmanager.core;

import java.util.Objects;

/**
 * How the kernel treats a program's reading and writing of disks, where the disk's scheduler minds it.
 *
 * @param kind the class
 * @param level from 0, the first to be served, to 7; always 0 for {@link Kind#IDLE}
 */
public record IoPriority(Kind kind, int level) {
    private static final int LAST_LEVEL = 7;

    /** Who is served first. */
    public enum Kind {
        /** Before all others; needs CAP_SYS_ADMIN or CAP_SYS_NICE. */
        REAL_TIME,
        /** What everybody has unless told otherwise. */
        BEST_EFFORT,
        /** When nobody else wants the disk. */
        IDLE
    }

    /**
     * A priority.
     *
     * @param kind the class
     * @param level from 0 to 7, or 0
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
     * Before all others.
     *
     * @param level from 0, the first to be served, to 7
     * @return the priority
     * @throws IllegalArgumentException if the level is out of range
     */
    public static IoPriority realTime(int level) {
        return new IoPriority(Kind.REAL_TIME, level);
    }

    /**
     * Among the usual ones.
     *
     * @param level from 0, the first to be served, to 7
     * @return the priority
     * @throws IllegalArgumentException if the level is out of range
     */
    public static IoPriority bestEffort(int level) {
        return new IoPriority(Kind.BEST_EFFORT, level);
    }

    /**
     * After all others.
     *
     * @return the priority
     */
    public static IoPriority idle() {
        return new IoPriority(Kind.IDLE, 0);
    }
}
