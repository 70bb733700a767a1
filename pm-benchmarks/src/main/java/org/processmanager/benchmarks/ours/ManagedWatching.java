package org.processmanager.benchmarks.ours;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Watching;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;

/** A thread for each child that waits for its exit, as with {@link Process#waitFor}; {@code onExit()} of adopted processes. */
public final class ManagedWatching implements Watching {
    private final ProcessManager manager = ProcessManager.create();
    private final ExecutorService waiters = Executors.newCachedThreadPool();

    public ManagedWatching(Params settings) {}

    @Override
    public long startChild(Runnable onExit) {
        ManagedProcess process = manager.command("cat")
                .stdin(Input.pipe())
                .stdout(Output.discard())
                .stderr(Output.discard())
                .start();
        waiters.execute(() -> {
            try {
                process.await();
                onExit.run();
            } catch (InterruptedException e) {
                // the fork is closing; the exit no longer matters
            }
        });
        return process.pid();
    }

    @Override
    public void watch(long pid, Runnable onExit) {
        manager.adopt(pid).onExit().thenRun(onExit);
    }

    @Override
    public void close() {
        waiters.shutdownNow();
        manager.close();
    }
}
