package org.processmanager.benchmarks.fork.lock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.IdleSpell;
import org.processmanager.benchmarks.fork.Results;
import org.processmanager.benchmarks.fork.VerificationException;
import org.processmanager.benchmarks.fork.crew.Crew;
import org.processmanager.benchmarks.fork.crew.Role;
import org.processmanager.benchmarks.fork.crew.Workplace;

/** What waiting for a mutex that another process holds costs, in percent of one processor. */
public final class IdleWaiterProgram implements ForkProgram {
    private static final int WAITER = 0;
    private static final int HOLDER = 1;
    private static final long PATIENCE_SECONDS = 5;

    @Override
    public void run(Fields settings, Results results) throws Exception {
        OneMutex here = new OneMutex(settings);
        try (Crew crew = Crew.of(2, true, here, settings)) {
            crew.perform(WAITER, Fields.of("do", "open"));
            crew.perform(HOLDER, Fields.of("do", "open"));
            crew.perform(HOLDER, Fields.of("do", "acquire"));
            CompletableFuture<Fields> acquired = crew.begin(WAITER, Fields.of("do", "acquire"));
            IdleSpell.measure(settings, results);
            if (acquired.isDone()) {
                throw new VerificationException("acquired while another process held: " + acquired.get());
            }
            crew.perform(HOLDER, Fields.of("do", "release"));
            acquired.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** A mutex that both open. */
    public static final class OneMutex implements Workplace {
        private final Locks locks;

        public OneMutex(Fields settings) throws ReflectiveOperationException {
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
                return Fields.of();
            };
        }

        @Override
        public void close() throws Exception {
            locks.close();
        }
    }
}
