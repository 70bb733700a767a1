package org.processmanager.examples.app.cli.process;

import java.util.Map;
import org.processmanager.core.ProcessIdentity;

/** Processes that have a name of their own, which the user gave them, beside that of their program. */
@FunctionalInterface
public interface NamedProcesses {
    /** None. */
    NamedProcesses NONE = Map::of;

    /** Returns the processes by name. Some may have exited. */
    Map<String, ProcessIdentity> byName();
}
