package org.processmanager.benchmarks.peers.commonsexec;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecuteResultHandler;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.PumpStreamHandler;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Launching;

/** Commons Exec: one thread reads standard output, another one standard error. */
public final class CommonsExecLaunching implements Launching {
    public CommonsExecLaunching(Params settings) {}

    @Override
    public int run(String... command) throws Exception {
        return execute(OutputStream.nullOutputStream(), command);
    }

    @Override
    public byte[] capture(String... command) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        execute(output, command);
        return output.toByteArray();
    }

    private static int execute(OutputStream output, String... command) throws Exception {
        return executor(output).execute(commandLine(command));
    }

    private static CommandLine commandLine(String... command) {
        return new CommandLine(command[0]).addArguments(Arrays.copyOfRange(command, 1, command.length), false);
    }

    /** Returns before the program is launched. */
    @Override
    public void start(String... command) throws Exception {
        executor(OutputStream.nullOutputStream()).execute(commandLine(command), new DefaultExecuteResultHandler());
    }

    private static DefaultExecutor executor(OutputStream output) {
        return DefaultExecutor.builder()
                .setExecuteStreamHandler(new PumpStreamHandler(output, OutputStream.nullOutputStream()))
                .get();
    }
}
