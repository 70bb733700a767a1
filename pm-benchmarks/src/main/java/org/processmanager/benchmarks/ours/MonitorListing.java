package org.processmanager.benchmarks.ours;

import java.util.Set;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Listing;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;

/** {@code ProcessTable.list()}. */
public final class MonitorListing implements Listing {
    public MonitorListing(Params settings) {}

    @Override
    public Set<Long> list() {
        return ProcessTable.list().stream().map(ProcessSnapshot::pid).collect(Collectors.toSet());
    }
}
