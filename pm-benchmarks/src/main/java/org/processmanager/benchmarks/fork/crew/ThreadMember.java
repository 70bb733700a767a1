package org.processmanager.benchmarks.fork.crew;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.Meter;
import org.processmanager.benchmarks.fork.Used;

/** A thread of this JVM. The one with index 0, or the only one in its JVM, also meters the JVM. */
final class ThreadMember implements Member {
    static final Fields START_METER = Fields.of("do", "start-meter");
    static final Fields STOP_METER = Fields.of("do", "stop-meter");
    static final Fields USED = Fields.of("do", "used");
    private static final Fields NOTHING = Fields.of();

    private final ExecutorService thread;
    private final Workplace workplace;
    private final int index;
    private final boolean metering;
    private final Meter meter = new Meter();
    private Role role; // made and used by the thread alone

    ThreadMember(Workplace workplace, int index) {
        this(workplace, index, index == 0);
    }

    ThreadMember(Workplace workplace, int index, boolean metering) {
        this.workplace = workplace;
        this.index = index;
        this.metering = metering;
        thread = Executors.newSingleThreadExecutor(work -> {
            Thread created = new Thread(work, "member " + index);
            created.setDaemon(true);
            return created;
        });
    }

    @Override
    public CompletableFuture<Fields> perform(Fields command) {
        CompletableFuture<Fields> answer = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                answer.complete(performHere(command));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private Fields performHere(Fields command) throws Exception {
        switch (command.text("do")) {
            case "start-meter" -> meter.start();
            case "stop-meter" -> meter.stop();
            case "used" -> {
                return (metering ? meter.used() : new Used(0, 0, 0, 0)).toFields();
            }
            default -> {
                if (role == null) {
                    role = workplace.role(index);
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
