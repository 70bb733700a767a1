package org.processmanager.core.internal.launch.spec;

/** The resource limits that the kernel enforces, with the numbers of Linux; without RSS and LOCKS, which it ignores. */
public enum Rlimit {
    CPU(0, "cpu", "s of processor time"),
    FSIZE(1, "fsize", "bytes of a file"),
    DATA(2, "data", "bytes of data"),
    STACK(3, "stack", "bytes of stack"),
    CORE(4, "core", "bytes of a core dump"),
    NPROC(6, "nproc", "processes"),
    NOFILE(7, "nofile", "open files"),
    MEMLOCK(8, "memlock", "bytes of locked memory"),
    AS(9, "as", "bytes of memory"),
    SIGPENDING(11, "sigpending", "pending signals"),
    MSGQUEUE(12, "msgqueue", "bytes of message queues"),
    NICE(13, "nice", "for niceness"),
    RTPRIO(14, "rtprio", "for the real-time priority"),
    RTTIME(15, "rttime", "us of real-time scheduling");

    /** The value of the kernel for no limit. */
    public static final long UNLIMITED = -1;

    private static final int NAME_WIDTH = 26;

    private final int number;
    private final String option;
    private final String unit;

    /**
     * A soft and a hard limit.
     *
     * @param soft the limit in force
     * @param hard the value up to which the program may raise the soft limit
     */
    public record Range(long soft, long hard) {}

    Rlimit(int number, String option, String unit) {
        this.number = number;
        this.option = option;
        this.unit = unit;
    }

    /** Returns the number for {@code getrlimit}. */
    public int number() {
        return number;
    }

    /** Returns the option of {@code prlimit}. */
    public String option(Range range) {
        return "--" + option + "=" + text(range.soft()) + ":" + text(range.hard());
    }

    /** Returns whether a text in the format of {@code /proc/<pid>/limits} has these values. */
    public boolean isSet(String limits, Range range) {
        // a heading, then a line for each number: name, soft limit, hard limit, unit
        String[] lines = limits.split("\n");
        String[] fields = number + 1 < lines.length
                ? lines[number + 1].substring(NAME_WIDTH).strip().split(" +")
                : new String[0];
        return fields.length >= 2 && fields[0].equals(text(range.soft())) && fields[1].equals(text(range.hard()));
    }

    /** Returns a value for messages. */
    public String describe(long value) {
        return text(value) + " " + unit;
    }

    /** Returns whether one limit is above another, unsigned as in the kernel. */
    public static boolean isAbove(long value, long bound) {
        return Long.compareUnsigned(value, bound) > 0;
    }

    private static String text(long value) {
        return value == UNLIMITED ? "unlimited" : Long.toString(value);
    }
}
