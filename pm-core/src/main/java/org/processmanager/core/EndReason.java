package org.processmanager.core;

/** Why a process ended, as far as this library knows. */
public enum EndReason {
    /** By itself, or by somebody else's signal. */
    OWN_EXIT,
    /** {@link ManagedProcess#stop()}, {@link ManagedProcess#kill()} or {@link ProcessManager#close()} came first. */
    TERMINATED,
    /** It ran into the {@linkplain Command#timeout timeout}. */
    TIMED_OUT,
    /** The thread in {@link Command#run()} was interrupted. */
    INTERRUPTED,
    /** The kernel ended it for want of memory; known only with a control group of its own. */
    OUT_OF_MEMORY
}
