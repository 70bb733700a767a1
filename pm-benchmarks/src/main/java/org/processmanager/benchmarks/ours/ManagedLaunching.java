package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Launching;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;

/** {@code Command.run()} without pipes that are not needed. */
public final class ManagedLaunching implements Launching {
    private final ProcessManager manager = ProcessManager.create();

    public ManagedLaunching(Params settings) {}

    @Override
    public int run(String... command) throws InterruptedException {
        return ExitCodes.of(manager.command(command[0], ExitCodes.rest(command))
                .stdout(Output.discard())
                .stderr(Output.discard())
                .acceptAnyExit()
                .run());
    }

    @Override
    public byte[] capture(String... command) throws InterruptedException {
        return manager.command(command[0], ExitCodes.rest(command)).run().stdout();
    }

    @Override
    public void start(String... command) {
        manager.command(command[0], ExitCodes.rest(command))
                .stdout(Output.discard())
                .stderr(Output.discard())
                .start();
    }

    @Override
    public void close() {
        manager.close();
    }
}
