package org.processmanager.benchmarks.fork.message;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.fork.Plan;
import org.processmanager.benchmarks.fork.Result;
import org.processmanager.benchmarks.fork.Results;
import org.processmanager.benchmarks.fork.Samples;
import org.processmanager.benchmarks.fork.VerificationException;
import org.processmanager.benchmarks.fork.crew.Crew;

/**
 * Messages per second from senders to receivers.
 *
 * <p>A phase: the senders send as fast as they can for a while, then an end each; the receivers take until then. What left
 * must have arrived, each message once, in its sender's order, unharmed. The rate of a phase is that between the first
 * message and the last. Phases of the candidate's ways to wait alternate.
 */
public final class RingProgram implements ForkProgram {
    private static final long PHASE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    @Override
    public void run(Fields settings, Results results) throws Exception {
        Channels here = new Channels(settings);
        int parties = settings.number("senders") + settings.number("receivers");
        try (Crew crew = Crew.of(parties, here.transport().crossesProcesses(), here, settings)) {
            here.transport().create();
            crew.perform(Fields.of("do", "open"));
            measure(crew, Plan.of(settings, here.transport().variants().size()), here.transport(), results);
        }
    }

    private static void measure(Crew crew, Plan plan, Transport transport, Results results) throws Exception {
        List<Phases> all = new ArrayList<>();
        for (String variant : transport.variants()) {
            phase(crew, variant, plan.warmUpNanos());
            all.add(new Phases(variant));
        }
        int rounds = (int) Math.max(2, plan.measureNanos() / PHASE_NANOS);
        crew.startMeters();
        for (int i = 0; i < rounds; i++) {
            for (Phases phases : all) {
                phases.add(phase(crew, phases.variant, plan.measureNanos() / rounds));
            }
        }
        crew.stopMeters();
        long total = all.stream().mapToLong(phases -> phases.messages).sum();
        for (Phases phases : all) {
            results.add(Result.of(phases.variant, phases.millionsPerSecond).with(crew.used(), total));
        }
    }

    private static Phase phase(Crew crew, String variant, long nanos) throws Exception {
        List<Fields> answers = crew.perform(Fields.of("do", "run", "variant", variant, "nanos", nanos));
        Phase sent = Phase.sum(answers, "sent");
        Phase received = Phase.sum(answers, "received");
        VerificationException.expect("messages received", sent.messages, received.messages);
        VerificationException.expect("sum over the messages received", sent.checksum, received.checksum);
        return received;
    }

    /** What one side did in a phase. */
    private record Phase(long messages, long checksum, long firstNanos, long lastNanos) {
        static Phase sum(List<Fields> answers, String side) {
            long messages = 0;
            long checksum = 0;
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (Fields answer : answers) {
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
