package org.processmanager.ipc;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedLongArray;
import org.processmanager.sync.SharedMemory;

/** A sender or receiver that keeps its books in shared memory, so that a killed one leaves them. */
public final class LanePeer implements ChildProgram {
    private static final int MESSAGE_BYTES = 12;

    @Override
    public void register(ChildCommands all) {
        all.on("sender", args -> {
            try (SharedMemory memory = SharedMemory.open(Path.of(args.get(1)))) {
                new Ledger(memory, Integer.parseInt(args.get(2))).send(args.get(0), Integer.parseInt(args.get(3)));
            }
            return "";
        });
        all.on("receiver", args -> {
            try (SharedMemory memory = SharedMemory.open(Path.of(args.get(1)))) {
                new Ledger(memory, Integer.parseInt(args.get(2))).receive(args.get(0));
            }
            return "";
        });
    }

    /** What the senders, each process by its number, have sent and the receivers have received. */
    static final class Ledger {
        private final SharedLongArray acked;
        private final SharedLongArray received;
        private final SharedLong wrong;
        private final SharedLong repeated;
        private final SharedLong stop;

        Ledger(SharedMemory memory, int senders) {
            acked = memory.longs("acked", senders);
            received = memory.longs("received", senders);
            wrong = memory.atomicLong("wrong");
            repeated = memory.atomicLong("repeated");
            stop = memory.atomicLong("stop");
        }

        void stop() {
            stop.set(1);
        }

        long wrong() {
            return wrong.get();
        }

        /** Returns how many messages came once more right behind themselves. */
        long repeated() {
            return repeated.get();
        }

        long acked(int sender) {
            return acked.get(sender);
        }

        long received(int sender) {
            return received.get(sender);
        }

        /** Sends numbered messages until {@link #stop}, by turns one by one and in batches. */
        void send(String endpoint, int number) throws InterruptedException {
            ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES).putInt(0, number);
            try (MessageSender sender = Ipc.sender(endpoint)) {
                long next = 0;
                while (stop.get() == 0) {
                    if (sendOne(sender, message.putLong(4, next))) {
                        acked.set(number, ++next);
                    }
                    try (Batch batch = sender.batch()) {
                        int added = 0;
                        while (added < 20 && batch.offer(message.putLong(4, next + added)) == SendStatus.SENT) {
                            added++;
                        }
                        batch.commit();
                        next += added;
                        acked.set(number, next);
                    }
                }
            }
        }

        private static boolean sendOne(MessageSender sender, ByteBuffer message) throws InterruptedException {
            try {
                sender.send(message);
                return true;
            } catch (NotConnectedException e) {
                return false; // the next try waits for the next receiver
            }
        }

        /** Receives until the channel is closed, and records numbers that are repeated, lost or out of order. */
        void receive(String endpoint) throws InterruptedException {
            try (MessageReceiver receiver =
                    Ipc.receiver(Endpoint.parse(endpoint), OpenMode.OPEN_OR_CREATE, Delivery.AT_LEAST_ONCE)) {
                receiver.forEach((buffer, offset, length) -> {
                    int sender = buffer.getInt(offset);
                    long expected = received.get(sender);
                    long got = buffer.getLong(offset + 4);
                    if (length == MESSAGE_BYTES && got == expected) {
                        received.set(sender, expected + 1);
                    } else if (got == expected - 1) {
                        repeated.incrementAndGet(); // a killed receiver had it in its handler
                    } else {
                        wrong.compareAndSet(0, sender + 1);
                    }
                });
            }
        }
    }
}
