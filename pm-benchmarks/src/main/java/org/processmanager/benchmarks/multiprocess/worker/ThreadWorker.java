package org.processmanager.benchmarks.multiprocess.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Meter;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.ResourceUsage;

/** A thread of this JVM. The worker with index 0, or the only one in its JVM, also meters the JVM. */
final class ThreadWorker implements Worker {
    static final Params START_METER = Params.of("do", "start-meter");
    static final Params STOP_METER = Params.of("do", "stop-meter");
    static final Params USED = Params.of("do", "used");
    private static final Params NOTHING = Params.of();

    private final ExecutorService thread;
    private final WorkerContext context;
    private final int index;
    private final boolean metering;
    private final Meter meter = new Meter();
    private Role role; // created and used by the worker's thread only

    ThreadWorker(WorkerContext context, int index) {
        this(context, index, index == 0);
    }

    ThreadWorker(WorkerContext context, int index, boolean metering) {
        this.context = context;
        this.index = index;
        this.metering = metering;
        thread = Executors.newSingleThreadExecutor(work -> {
            Thread created = new Thread(work, "worker " + index);
            created.setDaemon(true);
            return created;
        });
    }

    @Override
    public CompletableFuture<Params> perform(Params command) {
        CompletableFuture<Params> answer = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                answer.complete(performHere(command));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private Params performHere(Params command) throws Exception {
        switch (command.text("do")) {
            case "start-meter" -> meter.start();
            case "stop-meter" -> meter.stop();
            case "used" -> {
                return (metering ? meter.used() : new ResourceUsage(0, 0, 0, 0)).toParams();
            }
            default -> {
                if (role == null) {
                    role = context.role(index);
                }
                return role.perform(command);
            }
        }
        return NOTHING;
    }

    @Override
    public void close() throws Exception {
        thread.execute(() -> {
            try {
                if (role != null) {
                    role.close();
                }
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        thread.shutdown();
        if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }
}
