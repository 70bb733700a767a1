package org.processmanager.benchmarks.peers.ztexec;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Launching;
import org.zeroturnaround.exec.ProcessExecutor;

/** ZT Process Executor with its defaults: standard error is redirected to standard output, which a thread reads. */
public final class ZtLaunching implements Launching {
    public ZtLaunching(Params settings) {}

    @Override
    public int run(String... command) throws Exception {
        return new ProcessExecutor(command).execute().getExitValue();
    }

    @Override
    public byte[] capture(String... command) throws Exception {
        return new ProcessExecutor(command).readOutput(true).execute().output();
    }

    @Override
    public void start(String... command) throws Exception {
        new ProcessExecutor(command).start();
    }
}
