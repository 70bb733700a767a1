package org.processmanager.examples.sync;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.sync.SharedBytes;
import org.processmanager.sync.SharedInt;
import org.processmanager.sync.SharedMemory;

/**
 * A configuration that processes share: one changes it, and the others wait for changes and apply them. They never see half of
 * one, and none waits for a process that is killed while it changes it.
 */
public final class ConfigurationExample {
    private static final int FOLLOWERS = 2;
    private static final List<String> LEVELS = List.of("info", "debug", "off");

    private ConfigurationExample() {}

    /** Starts the followers and changes the configuration; with the name of a region, is a follower. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            follow(args[0]);
            return;
        }
        String name = "example-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, SharedMemory.megabytes(1))) {
            try (ProcessManager manager = ProcessManager.create()) {
                List<ManagedProcess> followers = new ArrayList<>();
                for (int i = 0; i < FOLLOWERS; i++) {
                    followers.add(ChildJava.command(manager, ConfigurationExample.class, name)
                            .start());
                }
                SharedInt applied = memory.atomicInt("applied");
                for (String level : LEVELS) {
                    long version = configuration(memory).set(level.getBytes(StandardCharsets.UTF_8));
                    int count = applied.get();
                    while (count < FOLLOWERS * version) {
                        count = applied.awaitChange(count);
                    }
                    System.out.println("level " + level + " in " + FOLLOWERS + " processes");
                }
                for (ManagedProcess follower : followers) {
                    ChildJava.awaitSuccess(follower);
                }
            } finally {
                memory.delete();
            }
        }
    }

    private static SharedBytes configuration(SharedMemory memory) {
        return memory.atomicBytes("configuration", 1024);
    }

    private static void follow(String name) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.open(name)) {
            SharedBytes configuration = configuration(memory);
            String level = "";
            long version = 0;
            while (!level.equals("off")) {
                version = configuration.awaitChange(version);
                level = new String(configuration.get(), StandardCharsets.UTF_8);
                memory.atomicInt("applied").incrementAndGet();
            }
        }
    }
}
