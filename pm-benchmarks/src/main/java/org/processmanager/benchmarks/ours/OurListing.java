package org.processmanager.benchmarks.ours;

import java.util.Set;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.process.Listing;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;

/** {@code ProcessTable.list()}. */
public final class OurListing implements Listing {
    public OurListing(Fields settings) {}

    @Override
    public Set<Long> list() {
        return ProcessTable.list().stream().map(ProcessSnapshot::pid).collect(Collectors.toSet());
    }
}
