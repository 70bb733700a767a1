package org.processmanager.examples.app.cli.registry;

import org.processmanager.core.ProcessManager;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.menu.DetachedChild;

/** The managed JVMs among the started processes. */
final class ManagedJvms {
    private ManagedJvms() {}

    /**
     * Returns the process of a managed JVM that runs.
     *
     * @throws CommandFailure if there is none of that name, it is another program, or it has exited
     */
    static DetachedProcess find(StartedProcesses started, ProcessManager manager, String name) {
        DetachedProcess process = started.find(manager, name);
        if (!DetachedChild.isStartedBy(process.commandLine())) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    name + " is no managed JVM, but the program "
                            + process.commandLine().get(0) + " (pm start --jvm NAME starts one)");
        }
        DetachedState state = process.state();
        if (!state.isActive()) {
            throw new CommandFailure(
                    ExitCode.NOTHING_THERE,
                    name + " does not run: " + StartedProcesses.text(state) + " (pm restart " + name
                            + " starts it again)");
        }
        return process;
    }

    /** Returns the access to it. */
    static DetachedChild child(DetachedProcess process) {
        return new DetachedChild(process.name(), process.directory());
    }
}
