package org.processmanager.benchmarks.peers;

import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Watching;

/** A thread for each child that waits for its exit. */
public final class ProcessBuilderWatching implements Watching {
    private final ExecutorService waiters = Executors.newCachedThreadPool();

    public ProcessBuilderWatching(Params settings) {}

    @Override
    public long startChild(Runnable onExit) throws Exception {
        Process process = new ProcessBuilder("cat")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        waiters.execute(() -> {
            try {
                process.waitFor();
                onExit.run();
            } catch (InterruptedException e) {
                // the fork is closing; the exit no longer matters
            }
        });
        return process.pid();
    }

    @Override
    public void close() {
        waiters.shutdownNow();
    }
}
