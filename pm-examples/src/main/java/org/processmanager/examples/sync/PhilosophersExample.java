package org.processmanager.examples.sync;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/**
 * Dining philosophers, each a process: to eat, one needs the forks on both sides, of which each neighbor needs one, too. All take
 * the fork with the lower number first, so that they are never in a deadlock. One is killed with both forks in hand; its
 * neighbors take these over, clean them, and all others finish.
 *
 * <p>Argument: how many philosophers, 5 if there is none.
 */
public final class PhilosophersExample {
    private static final int MEALS_EACH = 100;

    private final SharedMutex[] forks;
    /** For each fork, whether it is in use: 1 or 0. It belongs to the owner of the fork. */
    private final SharedLong[] dirty;

    private final SharedLong inherited;
    private final SharedLong meals;

    private PhilosophersExample(SharedMemory memory, int philosophers) {
        forks = new SharedMutex[philosophers];
        dirty = new SharedLong[philosophers];
        for (int i = 0; i < philosophers; i++) {
            forks[i] = memory.mutex("fork-" + i);
            dirty[i] = memory.atomicLong("dirty-" + i);
        }
        inherited = memory.atomicLong("inherited");
        meals = memory.atomicLong("meals");
    }

    /** Lets all eat; with the name of a region and two numbers, is a philosopher. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 3) {
            dine(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            return;
        }
        int philosophers = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                PhilosophersExample table = new PhilosophersExample(memory, philosophers);
                ManagedProcess victim = start(manager, name, 0, philosophers);
                memory.event("asleep").await();
                List<ManagedProcess> others = new ArrayList<>();
                for (int i = 1; i < philosophers; i++) {
                    others.add(start(manager, name, i, philosophers));
                }
                victim.kill();
                for (ManagedProcess other : others) {
                    ChildJava.awaitSuccess(other);
                }
                System.out.println(table.meals.get() + " of " + (philosophers - 1) * MEALS_EACH + " meals, "
                        + table.inherited.get() + " forks taken over from a dead neighbor");
            } finally {
                memory.delete();
            }
        }
    }

    private static ManagedProcess start(ProcessManager manager, String name, int philosopher, int philosophers) {
        return ChildJava.command(manager, PhilosophersExample.class, name, "" + philosopher, "" + philosophers)
                .start();
    }

    private static void dine(String name, int philosopher, int philosophers) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.open(name)) {
            PhilosophersExample table = new PhilosophersExample(memory, philosophers);
            int left = philosopher;
            int right = (philosopher + 1) % philosophers;
            for (int i = 0; i < MEALS_EACH; i++) {
                try (Hold first = table.take(Math.min(left, right));
                        Hold second = table.take(Math.max(left, right))) {
                    table.use(left, right);
                    if (philosopher == 0) {
                        memory.event("asleep").set();
                        memory.event("morning").await(); // never comes: it is killed before
                    }
                    table.clean(left, right);
                    table.meals.incrementAndGet();
                }
            }
        }
    }

    private Hold take(int fork) throws InterruptedException {
        Hold hold = forks[fork].acquire();
        if (hold.previousOwnerDied()) { // it may lie there in any state
            clean(fork);
            hold.markConsistent(); // otherwise the mutex would be unusable from now on
            inherited.incrementAndGet();
        }
        return hold;
    }

    private void use(int... both) {
        for (int fork : both) {
            if (!dirty[fork].compareAndSet(0, 1)) {
                throw new IllegalStateException("fork " + fork + " is dirty");
            }
        }
    }

    private void clean(int... forks) {
        for (int fork : forks) {
            dirty[fork].set(0);
        }
    }
}
