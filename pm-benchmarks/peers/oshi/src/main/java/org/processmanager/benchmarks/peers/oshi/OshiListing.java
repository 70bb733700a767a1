package org.processmanager.benchmarks.peers.oshi;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.process.Listing;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * OSHI's {@code getProcesses()}, and of each process the columns of the library's process table; OSHI reads some of
 * them lazily.
 */
public final class OshiListing implements Listing {
    private final OperatingSystem system = new SystemInfo().getOperatingSystem();

    public OshiListing(Params settings) {}

    @Override
    public Set<Long> list() {
        Set<Long> pids = new HashSet<>();
        long characters = 0;
        for (OSProcess process : system.getProcesses()) {
            pids.add((long) process.getProcessID());
            characters += process.getName().length()
                    + process.getUser().length()
                    + process.getCommandLine().length()
                    + process.getState().name().length();
            characters += process.getParentProcessID() + process.getThreadCount() + process.getStartTime();
            characters += process.getResidentMemory() + (long) process.getProcessCpuLoadCumulative();
        }
        VerificationException.expect("whether there is anything in the columns", 1, characters > 0 ? 1 : 0);
        return pids;
    }

    @Override
    public Optional<String> note() {
        long start = System.nanoTime();
        int count = system.getProcesses().size();
        double millis = (System.nanoTime() - start) / 1e6;
        return Optional.of(String.format(
                Locale.ROOT, "getProcesses() alone, without users and command lines: %.1f ms for %d", millis, count));
    }
}
