package org.processmanager.benchmarks.multiprocess.message;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.worker.Role;

/** Sends messages without pauses. */
final class SenderRole implements Role {
    private static final int BURST = 512; // messages between two checks of the time

    private final Transport transport;
    private final int index;
    private final int batch;
    private Sender sender;

    SenderRole(Transport transport, int index, Params settings) {
        this.transport = transport;
        this.index = index;
        this.batch = settings.number("batch", 1);
    }

    @Override
    public Params perform(Params command) throws Exception {
        if (command.text("do").equals("open")) {
            sender = transport.sender(index);
            return Params.of();
        }
        return send(command.longNumber("nanos"), transport.idle(command.text("variant")));
    }

    private Params send(long nanos, Idle idle) throws Exception {
        long first = System.nanoTime();
        long sequence = 0;
        do { // at least once
            sequence = batch > 1 ? sendBatches(sequence, idle) : sendSingly(sequence, idle);
        } while (System.nanoTime() - first < nanos);
        while (!sender.offerEnd()) {
            idle.idle();
        }
        return Params.of("sent", sequence, "checksum", checksum(sequence), "first", first, "last", System.nanoTime());
    }

    private long sendSingly(long from, Idle idle) throws Exception {
        for (long sequence = from; sequence < from + BURST; sequence++) {
            long head = Message.head(index, sequence);
            if (!sender.offer(head)) {
                do {
                    idle.idle();
                } while (!sender.offer(head));
                idle.reset();
            }
        }
        return from + BURST;
    }

    private long sendBatches(long from, Idle idle) throws Exception {
        long sequence = from;
        while (sequence < from + BURST) {
            int count = (int) Math.min(batch, from + BURST - sequence); // a rejected message is offered again
            int accepted = sender.offerBatch(Message.head(index, sequence), count);
            sequence += accepted;
            if (accepted == 0) {
                idle.idle();
            } else {
                idle.reset();
            }
        }
        return sequence;
    }

    /** Returns the sum of the heads of all messages of a phase. */
    private long checksum(long count) {
        long sequences = count % 2 == 0 ? count / 2 * (count - 1) : (count - 1) / 2 * count;
        return count * Message.head(index, 0) + sequences;
    }

    @Override
    public void close() throws Exception {
        if (sender != null) {
            sender.close();
        }
    }
}
