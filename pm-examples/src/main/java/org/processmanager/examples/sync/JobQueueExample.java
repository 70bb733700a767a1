package org.processmanager.examples.sync;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.SharedBoundedBuffer;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedLongArray;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.UnackedItem;

/**
 * A job queue that survives its workers. A worker takes a job, does it, and acknowledges it; if it is killed before that,
 * another worker gets the job. Each worker exits when the queue has ended and all jobs are done.
 */
public final class JobQueueExample {
    private static final int CELLS = 8;
    private static final int JOBS = 500;
    private static final int WORKERS = 2;

    private final SharedBoundedBuffer jobs;
    /** For each job, 1 if it is done. A job may be done twice, so the result must be the same then. */
    private final SharedLongArray done;

    private final SharedLong repeated;

    private JobQueueExample(SharedMemory memory) {
        jobs = memory.boundedBuffer("jobs", CELLS, Integer.BYTES);
        done = memory.longs("done", JOBS);
        repeated = memory.atomicLong("repeated");
    }

    /** Starts the workers and puts the jobs; with the name of a region and a word, is a worker. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 2) {
            work(args[0], args[1].equals("victim"));
            return;
        }
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                JobQueueExample queue = new JobQueueExample(memory);
                ManagedProcess victim = start(manager, name, "victim");
                List<ManagedProcess> workers = new ArrayList<>();
                for (int job = 0; job < JOBS; job++) {
                    queue.jobs.put(ByteBuffer.allocate(Integer.BYTES).putInt(0, job));
                    if (job == 0) { // the others start when the victim has it, and pass it
                        memory.event("has-a-job").await();
                        for (int i = 0; i < WORKERS; i++) {
                            workers.add(start(manager, name, "worker"));
                        }
                    }
                }
                victim.kill();
                queue.jobs.end();
                queue.jobs.join();
                for (ManagedProcess worker : workers) {
                    ChildJava.awaitSuccess(worker);
                }
                System.out.println(queue.countDone() + " of " + JOBS + " jobs done, " + queue.repeated.get()
                        + " of them again since its worker was killed");
            } finally {
                memory.delete();
            }
        }
    }

    private static ManagedProcess start(ProcessManager manager, String name, String role) {
        return ChildJava.command(manager, JobQueueExample.class, name, role).start();
    }

    private static void work(String name, boolean isVictim) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.open(name)) {
            JobQueueExample queue = new JobQueueExample(memory);
            UnackedItem item = queue.jobs.takeUnacked();
            while (item != null) {
                try (UnackedItem job = item) { // given back if it fails
                    if (isVictim) {
                        memory.event("has-a-job").set();
                        memory.event("never").await(); // it is killed before
                    }
                    queue.perform(job);
                    job.ack();
                }
                item = queue.jobs.takeUnacked();
            }
        }
    }

    private void perform(UnackedItem job) {
        done.set(ByteBuffer.wrap(job.bytes()).getInt(), 1);
        if (job.redelivered()) {
            repeated.incrementAndGet();
        }
    }

    private long countDone() {
        long count = 0;
        for (int job = 0; job < JOBS; job++) {
            count += done.get(job);
        }
        return count;
    }
}
