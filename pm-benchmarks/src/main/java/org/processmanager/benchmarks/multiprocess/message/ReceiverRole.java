package org.processmanager.benchmarks.multiprocess.message;

import java.util.Arrays;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.Role;

/** Receives and checks all messages of a phase. */
final class ReceiverRole implements Role {
    private static final int LIMIT = 256;

    private final Transport transport;
    private final int index;
    private final Checker checker;
    private final int limit;
    private Receiver receiver;

    ReceiverRole(Transport transport, int index, Params settings) {
        this.transport = transport;
        this.index = index;
        int senders = settings.number("senders");
        int receivers = settings.number("receivers");
        boolean shared = receivers > 1 && transport.sharedQueue();
        this.checker = new Checker(senders, receivers == 1, shared ? senders / receivers : senders);
        this.limit = shared ? 1 : LIMIT; // with several receivers, one must not take the end message of another one
    }

    @Override
    public Params perform(Params command) throws Exception {
        if (command.text("do").equals("open")) {
            receiver = transport.receiver(index);
            return Params.of();
        }
        return receive(transport.idle(command.text("variant")));
    }

    private Params receive(Idle idle) throws Exception {
        checker.reset();
        while (!checker.atEnd()) {
            if (receiver.poll(checker, limit) == 0) {
                idle.idle();
            } else {
                idle.reset();
            }
        }
        return Params.of(
                "received", checker.messages,
                "checksum", checker.checksum,
                "first", checker.firstNanos,
                "last", checker.lastNanos);
    }

    @Override
    public void close() throws Exception {
        if (receiver != null) {
            receiver.close();
        }
    }

    /** Counts and checks messages. */
    private static final class Checker implements Sink {
        private final boolean alone;
        private final int endsToCome;
        private final long[] lastSequence; // of each sender
        private int ends;
        private long messages;
        private long checksum;
        private long firstNanos;
        private long lastNanos;

        Checker(int senders, boolean alone, int endsToCome) {
            this.alone = alone;
            this.endsToCome = endsToCome;
            lastSequence = new long[senders];
        }

        void reset() {
            Arrays.fill(lastSequence, -1);
            ends = 0;
            messages = 0;
            checksum = 0;
        }

        boolean atEnd() {
            return ends == endsToCome;
        }

        @Override
        public void accept(long head, long tail) {
            if (head == Message.END) {
                ends++;
                lastNanos = System.nanoTime();
                return;
            }
            if (tail != Message.tail(head)) {
                throw new VerificationException(
                        "message " + Long.toHexString(head) + " ends with " + Long.toHexString(tail));
            }
            check(Message.sender(head), Message.sequence(head));
            if (messages == 0) {
                firstNanos = System.nanoTime();
            }
            messages++;
            checksum += head;
        }

        private void check(int sender, long sequence) {
            long last = lastSequence[sender];
            if (alone ? sequence != last + 1 : sequence <= last) {
                throw new VerificationException(
                        "sender " + sender + ": message " + sequence + " came after message " + last);
            }
            lastSequence[sender] = sequence;
        }
    }
}
