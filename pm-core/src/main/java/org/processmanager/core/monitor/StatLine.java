package org.processmanager.core.monitor;

/**
 * The fields of a {@code /proc/<pid>/stat} line, parsed in place. Mutable, so that one object serves a whole scan; not
 * thread-safe.
 */
final class StatLine {
    private static final int PARENT = 1;
    private static final int FLAGS = 6;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int THREADS = 17;
    private static final int START_TIME = 19;
    private static final int RESIDENT = 21;
    private static final int KERNEL_THREAD = 0x00200000;

    /** The name: where it begins, and where it ends. */
    int nameFrom;

    int nameTo;
    /** R, S, D, T (suspended), t (traced), Z (zombie), X, I (idle). */
    char state;

    long parent;
    boolean kernelThread;
    /** Processor time of user and system mode, in ticks. */
    long cpuTicks;

    int threads;
    /** Since boot. */
    long startTicks;
    /** Resident memory, which may be some hundred pages off. */
    long residentPages;

    /**
     * Parses a line. The name may contain spaces, parentheses and line feeds: the last parenthesis of the line ends it.
     *
     * @return false if it is not a complete line
     */
    boolean parse(byte[] line, int length) {
        nameFrom = 0;
        while (nameFrom < length && line[nameFrom] != '(') {
            nameFrom++;
        }
        nameFrom++;
        nameTo = length - 1;
        while (nameTo >= nameFrom && line[nameTo] != ')') {
            nameTo--;
        }
        int at = nameTo + 2;
        if (nameTo < nameFrom || at >= length) {
            return false;
        }
        state = (char) line[at];
        cpuTicks = 0;
        at += 2;
        for (int field = PARENT; field <= RESIDENT; field++) {
            if (at >= length) {
                return false;
            }
            boolean negative = line[at] == '-';
            long value = 0;
            for (at += negative ? 1 : 0; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
                value = 10 * value + line[at] - '0';
            }
            set(field, negative ? -value : value);
            at++;
        }
        return true;
    }

    static ProcessSnapshot.State stateOf(char letter) {
        return switch (letter) {
            case 'R' -> ProcessSnapshot.State.RUNNING;
            case 'S' -> ProcessSnapshot.State.SLEEPING;
            case 'D' -> ProcessSnapshot.State.WAITING;
            case 'T', 't' -> ProcessSnapshot.State.SUSPENDED;
            case 'Z' -> ProcessSnapshot.State.ZOMBIE;
            default -> ProcessSnapshot.State.OTHER;
        };
    }

    private void set(int field, long value) {
        switch (field) {
            case PARENT -> parent = value;
            case FLAGS -> kernelThread = (value & KERNEL_THREAD) != 0;
            case USER_TIME, SYSTEM_TIME -> cpuTicks += value;
            case THREADS -> threads = (int) value;
            case START_TIME -> startTicks = value;
            case RESIDENT -> residentPages = value;
            default -> {} // not needed
        }
    }
}
