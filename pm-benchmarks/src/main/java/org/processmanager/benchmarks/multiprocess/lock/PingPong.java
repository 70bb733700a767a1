package org.processmanager.benchmarks.multiprocess.lock;

import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.Role;
import org.processmanager.benchmarks.multiprocess.worker.WorkerContext;

/** Two workers that pass a lock back and forth; see {@link PingPongProgram}. */
public final class PingPong implements WorkerContext {
    private static final long HOLD_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int RELEASED_AT = 0;
    private static final int STEPS_TAKEN = 1;

    private final Locks locks;
    private final SharedPage page;

    public PingPong(Params settings) throws Exception {
        locks = settings.adapter(Locks.class);
        page = SharedPage.open(settings);
    }

    Locks locks() {
        return locks;
    }

    @Override
    public Role role(int index) {
        return new PingPongRole(locks.releasableByOthers() ? new Pair(locks, index) : new Chain(locks, index), index);
    }

    @Override
    public void close() throws Exception {
        locks.close();
    }

    /** How the candidate's locks implement a turn. */
    private interface Turns {
        void open() throws Exception;

        void await(long step) throws Exception;

        void pass(long step) throws Exception;
    }

    private record Chain(Lock[] ring, Locks locks, int index) implements Turns {
        Chain(Locks locks, int index) {
            this(new Lock[3], locks, index);
        }

        @Override
        public void open() throws Exception {
            for (int i = 0; i < ring.length; i++) {
                ring[i] = locks.open(i, 1);
            }
            ring[index == 0 ? 0 : 2].acquire();
        }

        @Override
        public void await(long step) throws Exception {
            ring[(int) ((step + (index == 0 ? 1 : 0)) % 3)].acquire();
        }

        @Override
        public void pass(long step) throws Exception {
            ring[(int) ((step + (index == 0 ? 0 : 2)) % 3)].release();
        }
    }

    private record Pair(Lock[] perWorker, Locks locks, int index) implements Turns {
        Pair(Locks locks, int index) {
            this(new Lock[2], locks, index);
        }

        @Override
        public void open() throws Exception {
            for (int i = 0; i < perWorker.length; i++) {
                perWorker[i] = locks.open(i, i == 0 ? 1 : 0); // the first step belongs to worker 0
            }
        }

        @Override
        public void await(long step) throws Exception {
            perWorker[index].acquire();
        }

        @Override
        public void pass(long step) throws Exception {
            perWorker[1 - index].release();
        }
    }

    private final class PingPongRole implements Role {
        private final Turns turns;
        private final int index;
        private long step;

        PingPongRole(Turns turns, int index) {
            this.turns = turns;
            this.index = index;
        }

        @Override
        public Params perform(Params command) throws Exception {
            if (command.text("do").equals("open")) {
                turns.open();
                return Params.of();
            }
            return Result.of("", steps(command.number("count"))).toParams();
        }

        private Samples steps(int count) throws Exception {
            Samples latencies = new Samples(count);
            for (int i = 0; i < count; i++, step++) {
                turns.await(step);
                if (i > 0) { // the first turn waited for the command, not for the other worker
                    latencies.add((System.nanoTime() - page.get(RELEASED_AT)) / 1e3);
                }
                VerificationException.expect("step", 2 * step + index, page.get(STEPS_TAKEN));
                page.set(STEPS_TAKEN, 2 * step + index + 1);
                page.set(RELEASED_AT, BusyWait.spin(HOLD_NANOS));
                turns.pass(step);
            }
            return latencies;
        }
    }
}
