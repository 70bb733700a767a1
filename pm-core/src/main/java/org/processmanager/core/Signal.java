package org.processmanager.core;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A signal, by its number on Linux (x86-64 and aarch64 have the same).
 *
 * @param number 1 to 64
 */
public record Signal(int number) {
    /** Hangup of the terminal; daemons take it as a request to read their configuration again. */
    public static final Signal HUP = new Signal(1);
    /** Interrupt, as by Ctrl-C. */
    public static final Signal INT = new Signal(2);
    /** Quit, as by Ctrl-\; a JVM prints its stacks. */
    public static final Signal QUIT = new Signal(3);
    /** Abnormal exit, raised by {@code abort()}. */
    public static final Signal ABRT = new Signal(6);
    /** Immediate exit, which no program can catch or ignore. */
    public static final Signal KILL = new Signal(9);
    /** For the program to define. */
    public static final Signal USR1 = new Signal(10);
    /** Invalid access to memory. */
    public static final Signal SEGV = new Signal(11);
    /** For the program to define. */
    public static final Signal USR2 = new Signal(12);
    /** A write to a pipe that has no reader. */
    public static final Signal PIPE = new Signal(13);
    /** Request to exit, which a program can handle. */
    public static final Signal TERM = new Signal(15);
    /** Resumes after {@link #STOP}. */
    public static final Signal CONT = new Signal(18);
    /** Suspends until {@link #CONT}; no program can catch or ignore it. */
    public static final Signal STOP = new Signal(19);
    /** Suspension from the terminal, as by Ctrl-Z. */
    public static final Signal TSTP = new Signal(20);
    /** Change of the window size. */
    public static final Signal WINCH = new Signal(28);

    private static final int HIGHEST = 64;
    private static final int FIRST_REAL_TIME = 34;
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "HUP"),
            Map.entry(2, "INT"),
            Map.entry(3, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(5, "TRAP"),
            Map.entry(6, "ABRT"),
            Map.entry(7, "BUS"),
            Map.entry(8, "FPE"),
            Map.entry(9, "KILL"),
            Map.entry(10, "USR1"),
            Map.entry(11, "SEGV"),
            Map.entry(12, "USR2"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(15, "TERM"),
            Map.entry(16, "STKFLT"),
            Map.entry(17, "CHLD"),
            Map.entry(18, "CONT"),
            Map.entry(19, "STOP"),
            Map.entry(20, "TSTP"),
            Map.entry(21, "TTIN"),
            Map.entry(22, "TTOU"),
            Map.entry(23, "URG"),
            Map.entry(24, "XCPU"),
            Map.entry(25, "XFSZ"),
            Map.entry(26, "VTALRM"),
            Map.entry(27, "PROF"),
            Map.entry(28, "WINCH"),
            Map.entry(29, "IO"),
            Map.entry(30, "PWR"),
            Map.entry(31, "SYS"));

    /**
     * Creates a signal from its number.
     *
     * @param number 1 to 64
     * @throws IllegalArgumentException if there is no such signal
     */
    public Signal {
        if (number < 1 || number > HIGHEST) {
            throw new IllegalArgumentException("number: " + number + " (expected: 1 to " + HIGHEST + ")");
        }
    }

    /**
     * Returns a signal by its name.
     *
     * @param name as {@code TERM}, {@code SIGTERM}, {@code RTMIN+2} or {@code 15}; case does not matter
     * @return the signal
     * @throws IllegalArgumentException if there is no such signal
     */
    public static Signal named(String name) {
        String wanted = Objects.requireNonNull(name, "name").toUpperCase(Locale.ROOT);
        String known = wanted.startsWith("SIG") ? wanted.substring("SIG".length()) : wanted;
        for (int number = 1; number <= HIGHEST; number++) {
            Signal signal = new Signal(number);
            if (known.equals(signal.name()) || wanted.equals(Integer.toString(number))) {
                return signal;
            }
        }
        throw new IllegalArgumentException("name: " + name + " (expected: a signal as TERM, SIGTERM, RTMIN+2 or 15)");
    }

    /**
     * Returns the usual name without SIG, as {@code TERM}; {@code RTMIN+2} for real-time signals.
     *
     * @return the name
     */
    public String name() {
        String known = NAMES.get(number);
        if (known != null) {
            return known;
        }
        return number < FIRST_REAL_TIME ? "signal " + number : "RTMIN+" + (number - FIRST_REAL_TIME);
    }

    /** Returns the name with SIG, as {@code SIGTERM}; {@code SIGRTMIN+2} for real-time signals. */
    String longName() {
        return NAMES.containsKey(number) || number >= FIRST_REAL_TIME ? "SIG" + name() : name();
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name();
    }

    // Written out, since generated methods of a record are created at run time, here at the first launch.
    @Override
    public boolean equals(Object other) {
        return other instanceof Signal signal && signal.number == number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
