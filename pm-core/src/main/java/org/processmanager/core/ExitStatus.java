package org.processmanager.core;

/** How a process ended: with a code, or by a signal, which are never mixed up, or in a way that nobody can tell. */
public sealed interface ExitStatus {
    /**
     * The program ended itself with a code. Through ProcessBuilder (the portable path) an end by signal n looks like the
     * code 128 + n, since the JDK does not tell them apart.
     *
     * @param code 0 to 255
     */
    record Exited(int code) implements ExitStatus {
        /** As {@code exit code 7}. */
        @Override
        public String toString() {
            return "exit code " + code;
        }
    }

    /**
     * A signal ended it.
     *
     * @param signal which
     * @param coreDumped whether the kernel wrote a core
     */
    record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {
        /** As {@code signal KILL}. */
        @Override
        public String toString() {
            return "signal " + signal + (coreDumped ? ", core dumped" : "");
        }
    }

    /**
     * The status is lost: other code of this JVM reaped the process, or it survived every attempt to end it.
     *
     * @param reason what is known
     */
    record Unknown(String reason) implements ExitStatus {
        /** As {@code unknown status: ...}. */
        @Override
        public String toString() {
            return "unknown status: " + reason;
        }
    }

    /**
     * Whether this is a certain exit code.
     *
     * @param code the code
     * @return true if the process exited with it
     */
    default boolean isExit(int code) {
        return this instanceof Exited exited && exited.code() == code;
    }
}
