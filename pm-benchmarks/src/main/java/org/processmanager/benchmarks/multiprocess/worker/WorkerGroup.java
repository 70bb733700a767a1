package org.processmanager.benchmarks.multiprocess.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.ResourceUsage;

/**
 * Workers that cooperate. Worker 0 is a thread of this JVM; the others are further threads of it, or child JVMs with
 * the same class path and flags.
 */
public final class WorkerGroup implements AutoCloseable {
    private final WorkerContext here;
    private final List<Worker> workers = new ArrayList<>();

    private WorkerGroup(WorkerContext here) {
        this.here = here;
    }

    /**
     * Creates and starts the workers.
     *
     * @param here context of this JVM; each child JVM creates its own
     * @param apart whether workers other than the first get a JVM each
     */
    public static WorkerGroup of(int size, boolean apart, WorkerContext here, Params settings) throws Exception {
        WorkerGroup group = new WorkerGroup(here);
        try {
            for (int i = 0; i < size; i++) {
                group.workers.add(
                        apart && i > 0 ? new JvmWorker(here.getClass(), settings, i) : new ThreadWorker(here, i));
            }
            return group;
        } catch (Exception e) {
            group.close();
            throw e;
        }
    }

    public int size() {
        return workers.size();
    }

    /** Makes one worker perform a command, and waits for its answer. */
    public Params perform(int worker, Params command) throws Exception {
        return await(List.of(workers.get(worker).perform(command))).get(0);
    }

    /** Makes one worker start a command, without waiting for its answer. */
    public CompletableFuture<Params> begin(int worker, Params command) {
        return workers.get(worker).perform(command);
    }

    /** Makes all workers perform a command at the same time, and waits for their answers. */
    public List<Params> perform(Params command) throws Exception {
        List<CompletableFuture<Params>> answers = new ArrayList<>();
        for (int i = workers.size() - 1;
                i >= 0;
                i--) { // remote workers first, as the command takes longer to reach them
            answers.add(0, workers.get(i).perform(command));
        }
        return await(answers);
    }

    /** Starts the meters of all processes of the group. */
    public void startMeters() throws Exception {
        perform(ThreadWorker.START_METER);
    }

    public void stopMeters() throws Exception {
        perform(ThreadWorker.STOP_METER);
    }

    /** Returns the resources that all processes of the group used between start and stop. */
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
            CompletableFuture.anyOf(all, firstFailure)
                    .get(); // without a timeout: the runner kills a fork that hangs, after reading its thread dumps
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
