package org.processmanager.benchmarks.multiprocess.lock;

import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.worker.Role;
import org.processmanager.benchmarks.multiprocess.worker.WorkerContext;

/**
 * Workers that increment a counter under one mutex: if two hold the mutex at once, an increment is lost. See {@link
 * ContentionProgram}.
 */
public final class Contention implements WorkerContext {
    private static final long SECTION_NANOS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final int COUNT = 0;

    private final Locks locks;
    private final SharedPage page;

    public Contention(Params settings) throws Exception {
        locks = settings.adapter(Locks.class);
        page = SharedPage.open(settings);
    }

    Locks locks() {
        return locks;
    }

    @Override
    public Role role(int index) {
        return new ContentionRole();
    }

    @Override
    public void close() throws Exception {
        locks.close();
    }

    private final class ContentionRole implements Role {
        private Lock lock;

        @Override
        public Params perform(Params command) throws Exception {
            return switch (command.text("do")) {
                case "open" -> {
                    lock = locks.open(0, 1);
                    yield Params.of();
                }
                case "contend" -> Params.of("sections", contend(command.longNumber("nanos")));
                default -> Params.of("count", count());
            };
        }

        private long contend(long nanos) throws Exception {
            long sections = 0;
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {
                lock.acquire();
                long count = page.get(COUNT);
                BusyWait.spin(SECTION_NANOS);
                page.set(COUNT, count + 1);
                lock.release();
                sections++;
            }
            return sections;
        }

        private long count() throws Exception {
            lock.acquire();
            try {
                return page.get(COUNT);
            } finally {
                lock.release();
            }
        }

        @Override
        public void close() throws Exception {
            if (lock != null) {
                lock.close();
            }
        }
    }
}
