package org.processmanager.core;

/** How a process exited: by a code, by a signal, or unknown. A signal is never reported as a code or the reverse. */
public sealed interface ExitStatus {
    /**
     * The program exited with a code. On the portable path a kill by signal n appears as code 128 + n, since the JDK does
     * not distinguish them.
     *
     * @param code 0 to 255
     */
    record Exited(int code) implements ExitStatus {
        /** Returns text such as {@code exit code 7}. */
        @Override
        public String toString() {
            return "exit code " + code;
        }
    }

    /**
     * A signal killed the process.
     *
     * @param signal the signal
     * @param coreDumped whether the kernel wrote a core dump
     */
    record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {
        /** Returns text such as {@code signal KILL}. */
        @Override
        public String toString() {
            return "signal " + signal + (coreDumped ? ", core dumped" : "");
        }
    }

    /**
     * The status is not known: the process is no child of this JVM, other code of this JVM reaped it, or it survived every
     * attempt to stop it.
     *
     * @param reason why it is not known
     */
    record Unknown(String reason) implements ExitStatus {
        /** Returns text such as {@code unknown status: ...}. */
        @Override
        public String toString() {
            return "unknown status: " + reason;
        }
    }

    /**
     * Returns whether the process exited with a certain code.
     *
     * @param code the code
     * @return true if it did
     */
    default boolean isExit(int code) {
        return this instanceof Exited exited && exited.code() == code;
    }
}
