package org.processmanager.benchmarks.ours;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Watching;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;

/** {@code onExit()} of launched and of adopted processes. */
public final class ManagedWatching implements Watching {
    private final ProcessManager manager = ProcessManager.create();

    public ManagedWatching(Params settings) {}

    @Override
    public long startChild(Runnable onExit) {
        ManagedProcess process = manager.command("cat")
                .stdin(Input.pipe())
                .stdout(Output.discard())
                .stderr(Output.discard())
                .start();
        process.onExit().thenRun(onExit);
        return process.pid();
    }

    @Override
    public void watch(long pid, Runnable onExit) {
        manager.adopt(pid).onExit().thenRun(onExit);
    }

    @Override
    public void close() {
        manager.close();
    }
}
