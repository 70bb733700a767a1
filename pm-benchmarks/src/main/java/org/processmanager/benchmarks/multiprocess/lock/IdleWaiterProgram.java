package org.processmanager.benchmarks.multiprocess.lock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.IdleMeasurement;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.Role;
import org.processmanager.benchmarks.multiprocess.worker.WorkerContext;
import org.processmanager.benchmarks.multiprocess.worker.WorkerGroup;

/** The cost of waiting for a mutex that another process holds, in percent of one processor. */
public final class IdleWaiterProgram implements ForkProgram {
    private static final int WAITER = 0;
    private static final int HOLDER = 1;
    private static final long TIMEOUT_SECONDS = 5;

    @Override
    public void run(Params settings, Results results) throws Exception {
        OneMutex here = new OneMutex(settings);
        try (WorkerGroup workers = WorkerGroup.of(2, true, here, settings)) {
            workers.perform(WAITER, Params.of("do", "open"));
            workers.perform(HOLDER, Params.of("do", "open"));
            workers.perform(HOLDER, Params.of("do", "acquire"));
            CompletableFuture<Params> acquired = workers.begin(WAITER, Params.of("do", "acquire"));
            IdleMeasurement.measure(settings, results);
            if (acquired.isDone()) {
                throw new VerificationException("acquired while another process held it: " + acquired.get());
            }
            workers.perform(HOLDER, Params.of("do", "release"));
            acquired.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** A mutex that both workers open. */
    public static final class OneMutex implements WorkerContext {
        private final Locks locks;

        public OneMutex(Params settings) throws ReflectiveOperationException {
            locks = settings.adapter(Locks.class);
        }

        @Override
        public Role role(int index) throws Exception {
            Lock lock = locks.open(0, 1);
            return command -> {
                switch (command.text("do")) {
                    case "acquire" -> lock.acquire();
                    case "release" -> lock.release();
                    default -> {}
                }
                return Params.of();
            };
        }

        @Override
        public void close() throws Exception {
            locks.close();
        }
    }
}
