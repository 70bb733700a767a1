package org.processmanager.examples.sync;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.Hold;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/**
 * One instance of a program on a machine: the instance that runs holds a mutex, and a second one ends at once and names the
 * first. No file is left behind that must be deleted after a crash: an instance that is killed holds nothing.
 */
public final class SingleInstanceExample {
    private static final Pattern RUNNING = Pattern.compile("running");

    private SingleInstanceExample() {}

    /** Starts an instance, tries to be a second one, and once more after the first was killed. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            run(args[0], Duration.ofMinutes(1));
            return;
        }
        String name = "example-" + ProcessHandle.current().pid(); // a program takes a fixed name
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                ManagedProcess first = ChildJava.command(manager, SingleInstanceExample.class, name)
                        .stdout(Output.pipe())
                        .start();
                first.awaitLine(RUNNING, Duration.ofSeconds(30)).orElseThrow();
                run(name, Duration.ZERO);
                first.kill();
                first.await();
                run(name, Duration.ZERO);
            } finally {
                memory.delete();
            }
        }
    }

    /** The program: works for some time, unless another instance runs. */
    private static void run(String name, Duration work) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.openOrCreate(name, SharedMemory.megabytes(1))) {
            SharedMutex instance = memory.mutex("instance");
            try (Hold hold = instance.tryAcquire()) {
                if (hold == null) {
                    List<RegionSnapshot.Owner> owners = instance.snapshot().owners();
                    System.out.println("process " + owners.get(0).pid() + " runs already");
                    return;
                }
                System.out.println(hold.previousOwnerDied() ? "running, after one that was killed" : "running");
                hold.markConsistent();
                memory.event("stop").await(work);
            }
        }
    }
}
