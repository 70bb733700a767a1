package org.processmanager.benchmarks.multiprocess.lock;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.Role;
import org.processmanager.benchmarks.multiprocess.worker.WorkerContext;

/** Workers that meet at a barrier, each of which checks that all others have come; see {@link BarrierProgram}. */
public final class Meeting implements WorkerContext {
    static final int WORKERS = 4;

    private final Barriers barriers;
    private final SharedPage page;

    public Meeting(Params settings) throws Exception {
        barriers = settings.adapter(Barriers.class);
        page = SharedPage.open(settings);
    }

    Barriers barriers() {
        return barriers;
    }

    @Override
    public Role role(int index) {
        return new MeetingRole(index);
    }

    @Override
    public void close() throws Exception {
        barriers.close();
    }

    private final class MeetingRole implements Role {
        private final int index;
        private Barriers.Barrier barrier;
        private long round;

        MeetingRole(int index) {
            this.index = index;
        }

        @Override
        public Params perform(Params command) throws Exception {
            if (command.text("do").equals("open")) {
                barrier = barriers.open(WORKERS);
                return Params.of();
            }
            long start = System.nanoTime();
            for (int i = command.number("rounds"); i > 0; i--) {
                meet();
            }
            return Params.of("nanos", System.nanoTime() - start);
        }

        private void meet() throws Exception {
            page.set(index, ++round);
            barrier.await();
            for (int other = 0; other < WORKERS; other++) {
                long reached = page.get(other);
                if (reached != round && reached != round + 1) {
                    throw new VerificationException(
                            "worker " + other + " was in round " + reached + " when round " + round + " ended");
                }
            }
        }
    }
}
