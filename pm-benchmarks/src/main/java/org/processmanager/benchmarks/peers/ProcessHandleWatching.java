package org.processmanager.benchmarks.peers;

import java.lang.ProcessBuilder.Redirect;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Watching;

/** {@code ProcessHandle.onExit()}, for children and other processes. */
public final class ProcessHandleWatching implements Watching {
    public ProcessHandleWatching(Params settings) {}

    @Override
    public long startChild(Runnable onExit) throws Exception {
        Process process = new ProcessBuilder("cat")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        watch(process.toHandle(), onExit);
        return process.pid();
    }

    @Override
    public void watch(long pid, Runnable onExit) {
        watch(ProcessHandle.of(pid).orElseThrow(), onExit);
    }

    private static void watch(ProcessHandle process, Runnable onExit) {
        process.onExit().thenRun(onExit);
    }
}
