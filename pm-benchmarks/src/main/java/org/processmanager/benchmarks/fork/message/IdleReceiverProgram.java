package org.processmanager.benchmarks.fork.message;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.IdleSpell;
import org.processmanager.benchmarks.fork.Results;
import org.processmanager.benchmarks.fork.VerificationException;
import org.processmanager.benchmarks.fork.crew.Crew;

/** What waiting for a message costs while none comes, in percent of one processor. */
public final class IdleReceiverProgram implements ForkProgram {
    private static final int RECEIVER = 0;
    private static final int SENDER = 1;
    private static final long PATIENCE_SECONDS = 5;
    private static final long SEND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Override
    public void run(Fields settings, Results results) throws Exception {
        Channels here = new Channels(settings);
        String variant = here.transport().variants().get(0);
        try (Crew crew = Crew.of(2, here.transport().crossesProcesses(), here, settings)) {
            here.transport().create();
            crew.perform(Fields.of("do", "open"));
            Fields run = Fields.of("do", "run", "variant", variant, "nanos", SEND_NANOS);
            CompletableFuture<Fields> received = crew.begin(RECEIVER, run);
            IdleSpell.measure(settings, results);
            if (received.isDone()) {
                throw new VerificationException("received what nobody had sent: " + received.get());
            }
            Fields sent = crew.perform(SENDER, run);
            VerificationException.expect(
                    "messages received",
                    sent.longNumber("sent"),
                    received.get(PATIENCE_SECONDS, TimeUnit.SECONDS).longNumber("received"));
        }
    }
}
