package org.processmanager.benchmarks.multiprocess.message;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.IdleMeasurement;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.WorkerGroup;

/** The cost of waiting for a message, in percent of one processor. */
public final class IdleReceiverProgram implements ForkProgram {
    private static final int RECEIVER = 0;
    private static final int SENDER = 1;
    private static final long TIMEOUT_SECONDS = 5;
    private static final long SEND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Override
    public void run(Params settings, Results results) throws Exception {
        Channels here = new Channels(settings);
        String variant = here.transport().variants().get(0);
        try (WorkerGroup workers = WorkerGroup.of(2, here.transport().crossesProcesses(), here, settings)) {
            here.transport().create();
            workers.perform(Params.of("do", "open"));
            Params run = Params.of("do", "run", "variant", variant, "nanos", SEND_NANOS);
            CompletableFuture<Params> received = workers.begin(RECEIVER, run);
            IdleMeasurement.measure(settings, results);
            if (received.isDone()) {
                throw new VerificationException("received a message that was not sent: " + received.get());
            }
            Params sent = workers.perform(SENDER, run);
            VerificationException.expect(
                    "messages received",
                    sent.longNumber("sent"),
                    received.get(TIMEOUT_SECONDS, TimeUnit.SECONDS).longNumber("received"));
        }
    }
}
