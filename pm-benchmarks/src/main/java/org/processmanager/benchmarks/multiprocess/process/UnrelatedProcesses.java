package org.processmanager.benchmarks.multiprocess.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Waiting processes that are children of a shell, not of this JVM; the shell reaps them. All exit at the end of the
 * shell's input, which this JVM holds open, so they do not outlive the fork.
 */
record UnrelatedProcesses(Process shell, List<Long> pids) implements AutoCloseable {
    private static final String SCRIPT = """
            exec 3<&0
            i=0
            while [ $i -lt COUNT ]; do
                cat <&3 >/dev/null 2>&1 &
                echo $!
                i=$((i + 1))
            done
            wait
            """;

    static UnrelatedProcesses start(int count) throws IOException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", SCRIPT.replace("COUNT", Integer.toString(count)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Long> pids = new ArrayList<>();
        BufferedReader lines = shell.inputReader();
        while (pids.size() < count) {
            pids.add(Long.parseLong(lines.readLine()));
        }
        return new UnrelatedProcesses(shell, pids);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        shell.getOutputStream().close();
        shell.waitFor();
    }
}
