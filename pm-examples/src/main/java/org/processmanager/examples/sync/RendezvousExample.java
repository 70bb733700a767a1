package org.processmanager.examples.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.BarrierParty;
import org.processmanager.sync.SharedBarrier;
import org.processmanager.sync.SharedLongArray;
import org.processmanager.sync.SharedMemory;

/**
 * Rendezvous: processes compute in rounds, each its own number from all numbers of the round before, and wait at a barrier until
 * all are done. If one is killed, the others do not wait for it: they get an exception that names it.
 */
public final class RendezvousExample {
    private static final int PARTIES = 3;
    private static final int ROUNDS = 5;

    private RendezvousExample() {}

    /** Starts the other parties and is the first one; with the name of a region and a number, is that party. */
    public static void main(String[] args) throws InterruptedException, BrokenBarrierException {
        if (args.length == 2) {
            try (SharedMemory memory = SharedMemory.open(args[0])) {
                compute(memory, Integer.parseInt(args[1]));
            }
            return;
        }
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                List<ManagedProcess> others = new ArrayList<>();
                for (int party = 1; party < PARTIES; party++) {
                    others.add(ChildJava.command(manager, RendezvousExample.class, name, "" + party)
                            .start());
                }
                compute(memory, 0);
                for (ManagedProcess other : others) {
                    ChildJava.awaitSuccess(other);
                }
                SharedLongArray numbers = memory.longs("numbers", PARTIES);
                System.out.println(numbers.get(0) + " " + numbers.get(1) + " " + numbers.get(2));
            } finally {
                memory.delete();
            }
        }
    }

    private static void compute(SharedMemory memory, int party) throws InterruptedException, BrokenBarrierException {
        SharedLongArray numbers = memory.longs("numbers", PARTIES);
        SharedBarrier barrier = memory.barrier("round", PARTIES);
        try (BarrierParty registered = barrier.register()) {
            numbers.set(party, 1);
            for (int round = 0; round < ROUNDS; round++) {
                barrier.await(); // all have written
                long sum = 0;
                for (int other = 0; other < PARTIES; other++) {
                    sum += numbers.get(other);
                }
                barrier.await(); // all have read
                numbers.set(party, sum);
            }
        }
    }
}
