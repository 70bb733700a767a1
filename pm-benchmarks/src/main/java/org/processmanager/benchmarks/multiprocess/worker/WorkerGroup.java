package org.processmanager.benchmarks.multiprocess.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.ResourceUsage;

/**
 * Members that work together. Member 0 is a thread of this JVM; the others are threads beside it, or child JVMs with the
 * same class path and flags.
 */
public final class WorkerGroup implements AutoCloseable {
    private final WorkerContext here;
    private final List<Worker> workers = new ArrayList<>();

    private WorkerGroup(WorkerContext here) {
        this.here = here;
    }

    /**
     * @param workplace made here and once in each child JVM
     * @param apart     whether workers but the first get a JVM each
     */
    public static WorkerGroup of(int size, boolean apart, WorkerContext here, Params settings) throws Exception {
        WorkerGroup workers = new WorkerGroup(here);
        try {
            for (int i = 0; i < size; i++) {
                workers.workers.add(
                        apart && i > 0 ? new JvmWorker(here.getClass(), settings, i) : new ThreadWorker(here, i));
            }
            return workers;
        } catch (Exception e) {
            workers.close();
            throw e;
        }
    }

    public int size() {
        return workers.size();
    }

    /** One worker does one thing. */
    public Params perform(int worker, Params command) throws Exception {
        return await(List.of(workers.get(worker).perform(command))).get(0);
    }

    /** One worker begins something that takes long. */
    public CompletableFuture<Params> begin(int worker, Params command) {
        return workers.get(worker).perform(command);
    }

    /** All do the same at the same time. */
    public List<Params> perform(Params command) throws Exception {
        List<CompletableFuture<Params>> answers = new ArrayList<>();
        for (int i = workers.size() - 1; i >= 0; i--) { // those far away first, they hear it later
            answers.add(0, workers.get(i).perform(command));
        }
        return await(answers);
    }

    /** The processes of the workers begin to count what they use. */
    public void startMeters() throws Exception {
        perform(ThreadWorker.START_METER);
    }

    public void stopMeters() throws Exception {
        perform(ThreadWorker.STOP_METER);
    }

    /** What all processes of the workers used between start and stop; zeros from the threads beside the first. */
    public ResourceUsage used() throws Exception {
        return ResourceUsage.sum(
                perform(ThreadWorker.USED).stream().map(ResourceUsage::of).toList());
    }

    private static List<Params> await(List<CompletableFuture<Params>> answers) throws Exception {
        List<Params> done = new ArrayList<>();
        CompletableFuture<?> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        CompletableFuture<Object> firstFailure = new CompletableFuture<>();
        answers.forEach(answer -> answer.whenComplete((ok, failure) -> {
            if (failure != null) {
                firstFailure.completeExceptionally(failure);
            }
        }));
        try {
            CompletableFuture.anyOf(all, firstFailure).get(); // the runner ends a fork that hangs, and asks where it is
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        for (CompletableFuture<Params> answer : answers) {
            done.add(answer.get());
        }
        return done;
    }

    @Override
    public void close() throws Exception {
        for (int i = workers.size() - 1; i >= 0; i--) {
            workers.get(i).close();
        }
        here.close();
    }
}
