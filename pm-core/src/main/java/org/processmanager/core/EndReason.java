package org.processmanager.core;

/** Why a process ended, as far as this library knows. */
public enum EndReason {
    /** It exited by itself, or by a signal from another process. */
    OWN_EXIT,
    /** {@link ManagedProcess#stop()}, {@link ManagedProcess#kill()} or {@link ProcessManager#close()} came first. */
    TERMINATED,
    /** Its {@linkplain Command#timeout timeout} was over. */
    TIMED_OUT,
    /** The thread in {@link Command#run()} or {@link Pipeline#run()} was interrupted. */
    INTERRUPTED,
    /** The kernel killed it because memory ran out; known only with a control group of its own. */
    OUT_OF_MEMORY
}
