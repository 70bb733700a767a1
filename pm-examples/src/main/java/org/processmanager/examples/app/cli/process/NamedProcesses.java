package org.processmanager.examples.app.cli.process;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;

/** Processes that have a name of their own, which the user gave them, beside that of their program. */
@FunctionalInterface
public interface NamedProcesses {
    /** None. */
    NamedProcesses NONE = Map::of;

    /** Returns the processes by name. Some may have exited. */
    Map<String, ProcessIdentity> byName();

    /**
     * Stops a process if it has a name, so that it is not started again.
     *
     * @return the report; empty if it has no name
     */
    default Optional<StopReport> stop(ProcessIdentity process, StopPolicy policy) {
        return Optional.empty();
    }

    /** Stops a process as it was asked for at its start; otherwise as {@link #stop(ProcessIdentity, StopPolicy)}. */
    default Optional<StopReport> stop(ProcessIdentity process) {
        return Optional.empty();
    }

    /** Keeps a process that has exited from being started again; returns false if none of that name is about to be. */
    default boolean cancelRestart(String name) {
        return false;
    }

    /** Returns the state of each, a few words, by name. */
    default Map<String, String> states() {
        return Map.of();
    }

    /** Returns what is known of a name, a line each, also if its process has exited; empty if there is no such name. */
    default List<String> describe(String name) {
        return List.of();
    }

    /** Returns how the last processes of all names have exited, as text. */
    default Map<ProcessIdentity, String> exitStatuses() {
        return Map.of();
    }

    /** Prints all as rows. */
    default void print(Terminal terminal, OutputOptions output) {}
}
