package org.processmanager.benchmarks.multiprocess.message;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.WorkerGroup;

/**
 * Messages per second from senders to receivers.
 *
 * <p>In a phase, the senders send without pauses for a while, then one end message each; the receivers receive until
 * then. Every message must arrive once, in its sender's order and unchanged. The rate of a phase is that between its
 * first and its last message. Phases of the candidate's variants alternate.
 */
public final class RingProgram implements ForkProgram {
    private static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    @Override
    public void run(Params settings, Results results) throws Exception {
        Channels here = new Channels(settings);
        int size = settings.number("senders") + settings.number("receivers");
        try (WorkerGroup workers = WorkerGroup.of(size, here.transport().crossesProcesses(), here, settings)) {
            here.transport().create();
            workers.perform(Params.of("do", "open"));
            measure(workers, Plan.of(settings, here.transport().variants().size()), here.transport(), results);
        }
    }

    private static void measure(WorkerGroup workers, Plan plan, Transport transport, Results results) throws Exception {
        List<Phases> all = new ArrayList<>();
        for (String variant : transport.variants()) {
            phase(workers, variant, plan.warmUpNanos());
            all.add(new Phases(variant));
        }
        int rounds = (int) Math.max(2, plan.measureNanos() / PHASE_NANOS);
        workers.startMeters();
        for (int i = 0; i < rounds; i++) {
            for (Phases phases : all) {
                phases.add(phase(workers, phases.variant, plan.measureNanos() / rounds));
            }
        }
        workers.stopMeters();
        long total = all.stream().mapToLong(phases -> phases.messages).sum();
        for (Phases phases : all) {
            results.add(Result.of(phases.variant, phases.millionsPerSecond).with(workers.used(), total));
        }
    }

    private static Phase phase(WorkerGroup workers, String variant, long nanos) throws Exception {
        List<Params> answers = workers.perform(Params.of("do", "run", "variant", variant, "nanos", nanos));
        Phase sent = Phase.sum(answers, "sent");
        Phase received = Phase.sum(answers, "received");
        VerificationException.expect("messages received", sent.messages, received.messages);
        VerificationException.expect("sum over the messages received", sent.checksum, received.checksum);
        return received;
    }

    /** The work of one side in a phase. */
    private record Phase(long messages, long checksum, long firstNanos, long lastNanos) {
        static Phase sum(List<Params> answers, String side) {
            long messages = 0;
            long checksum = 0;
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (Params answer : answers) {
                if (answer.has(side) && answer.longNumber(side) > 0) {
                    messages += answer.longNumber(side);
                    checksum += answer.longNumber("checksum");
                    first = Math.min(first, answer.longNumber("first"));
                    last = Math.max(last, answer.longNumber("last"));
                }
            }
            return new Phase(messages, checksum, first, last);
        }

        double millionsPerSecond() {
            return messages * 1e3 / (lastNanos - firstNanos);
        }
    }

    private static final class Phases {
        final String variant;
        final Samples millionsPerSecond = new Samples();
        long messages;

        Phases(String variant) {
            this.variant = variant;
        }

        void add(Phase phase) {
            millionsPerSecond.add(phase.millionsPerSecond());
            messages += phase.messages();
        }
    }
}
