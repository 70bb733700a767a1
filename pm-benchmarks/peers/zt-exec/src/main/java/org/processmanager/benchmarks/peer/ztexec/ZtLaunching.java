package org.processmanager.benchmarks.peer.ztexec;

import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.process.Launching;
import org.zeroturnaround.exec.ProcessExecutor;

/** ZT Process Executor with its defaults: standard error goes into standard output, which a thread reads. */
public final class ZtLaunching implements Launching {
    public ZtLaunching(Fields settings) {}

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
