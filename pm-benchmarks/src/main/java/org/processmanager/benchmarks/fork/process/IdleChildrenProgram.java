package org.processmanager.benchmarks.fork.process;

import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.IdleSpell;
import org.processmanager.benchmarks.fork.Results;

/** What watching children costs that do nothing, in percent of one processor. */
public final class IdleChildrenProgram implements ForkProgram {
    @Override
    public void run(Fields settings, Results results) throws Exception {
        try (Launching launching = settings.adapter(Launching.class);
                Idlers idlers = Idlers.start(launching, settings)) {
            IdleSpell.measure(settings, results);
            idlers.expectAlive();
        }
    }
}
