package org.processmanager.benchmarks.multiprocess.process;

import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.IdleMeasurement;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Results;

/** The cost of watching idle children, in percent of one processor. */
public final class IdleChildrenProgram implements ForkProgram {
    @Override
    public void run(Params settings, Results results) throws Exception {
        try (Launching launching = settings.adapter(Launching.class);
                IdleChildren idleChildren = IdleChildren.start(launching, settings)) {
            IdleMeasurement.measure(settings, results);
            idleChildren.expectAlive();
        }
    }
}
