package org.processmanager.core;

/** Finds out whether a process works, for example by a request to it. */
@FunctionalInterface
public interface Probe {
    /**
     * Checks the process once. Called on a thread of the library, which is interrupted when the caller has stopped waiting. An
     * exception counts as a failed check.
     *
     * @param process the process to be checked
     * @return whether it works
     * @throws Exception if it does not work, or the check failed; the message is reported
     */
    boolean check(OsProcess process) throws Exception;
}
