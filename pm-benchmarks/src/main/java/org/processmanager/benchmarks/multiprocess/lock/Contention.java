package org.processmanager.benchmarks.multiprocess.lock;

import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.Role;
import org.processmanager.benchmarks.multiprocess.worker.WorkerContext;

/**
 * Workers that increment numbers under one lock, or read them under the same lock: if two write at once, an increment is lost;
 * if one reads while another writes, it sees numbers that differ. See {@link ContentionProgram}.
 */
public final class Contention implements WorkerContext {
    private final Locks locks;
    private final SharedPage page;
    private final int numbers;
    private final int readsInTen;
    private final long sectionNanos;
    private final int sectionsPerClockReading;

    public Contention(Params settings) throws Exception {
        locks = settings.adapter(Locks.class);
        page = SharedPage.open(settings);
        numbers = settings.number("numbers", 1);
        readsInTen = settings.number("reads-in-ten", 0);
        sectionNanos = TimeUnit.MICROSECONDS.toNanos(settings.number("section-micros", 1));
        sectionsPerClockReading = sectionNanos == 0 ? 50 : 1; // reading the clock takes as long as a short section
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
        private Lock readLock;

        @Override
        public Params perform(Params command) throws Exception {
            return switch (command.text("do")) {
                case "open" -> {
                    lock = locks.open(0, 1);
                    readLock = locks.openForReading(0);
                    yield Params.of();
                }
                case "contend" -> contend(command.longNumber("nanos"));
                default -> Params.of("count", count());
            };
        }

        private Params contend(long nanos) throws Exception {
            long reads = 0;
            long writes = 0;
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {
                for (int i = 0; i < sectionsPerClockReading; i++) {
                    if ((reads + writes) % 10 < readsInTen) {
                        read();
                        reads++;
                    } else {
                        write();
                        writes++;
                    }
                }
            }
            return Params.of("sections", reads + writes, "writes", writes);
        }

        private void read() throws Exception {
            readLock.acquire();
            long first = page.get(0);
            busy();
            long different = 0;
            for (int i = 1; i < numbers; i++) {
                different |= page.get(i) ^ first;
            }
            readLock.release();
            if (different != 0) {
                throw new VerificationException("read while another worker wrote");
            }
        }

        private void write() throws Exception {
            lock.acquire();
            long count = page.get(0);
            busy();
            for (int i = 0; i < numbers; i++) {
                page.set(i, count + 1);
            }
            lock.release();
        }

        private void busy() {
            if (sectionNanos > 0) {
                BusyWait.spin(sectionNanos);
            }
        }

        private long count() throws Exception {
            lock.acquire();
            try {
                return page.get(0);
            } finally {
                lock.release();
            }
        }

        @Override
        public void close() throws Exception {
            if (lock != null) {
                lock.close();
                readLock.close();
            }
        }
    }
}
