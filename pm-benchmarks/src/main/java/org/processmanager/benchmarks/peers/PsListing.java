package org.processmanager.benchmarks.peers;

import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.util.HashSet;
import java.util.Set;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.process.Listing;

/** The program {@code ps}, with the columns of the library's process table, read line by line. */
public final class PsListing implements Listing {
    public PsListing(Params settings) {}

    @Override
    public Set<Long> list() throws Exception {
        Process ps = new ProcessBuilder(
                        "ps", "-e", "-o", "pid=,ppid=,state=,user=,pcpu=,rss=,nlwp=,lstart=,comm=,args=")
                .redirectError(Redirect.DISCARD)
                .start();
        Set<Long> pids = new HashSet<>();
        try (BufferedReader lines = ps.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String columns = line.strip();
                pids.add(Long.parseLong(columns.substring(0, columns.indexOf(' '))));
            }
        }
        VerificationException.expect("exit code of ps", 0, ps.waitFor());
        return pids;
    }
}
