package org.processmanager.examples.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.Ready;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.OutputReader;
import org.processmanager.core.registry.ProcessRegistry;

/** Starts a process that outlives the manager and the JVM that started it, finds it again by its name, and stops it. */
public final class DetachedExample {
    private DetachedExample() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        // manager.registry() is the registry of the user; this one is deleted afterwards
        Path directory = Files.createTempDirectory("pm-example-");
        try {
            start(directory);
            stop(directory); // could be another JVM, days later
        } finally {
            Files.delete(directory);
        }
    }

    private static void start(Path directory) throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            Command server = Command.shell("echo listening; exec sleep 600")
                    .on(manager)
                    .ready(Ready.line("listening"), Duration.ofMinutes(1));
            ProcessRegistry.of(manager, directory).detached(server).name("web").start();
        }
    }

    private static void stop(Path directory) {
        try (ProcessManager manager = ProcessManager.create()) {
            DetachedProcess web =
                    ProcessRegistry.of(manager, directory).process("web").orElseThrow();
            System.out.println("web is " + web.state().phase());
            try (OutputReader output = web.output()) {
                System.out.println("it wrote: " + output.poll().orElseThrow().text());
            }
            System.out.println("stopped: " + web.stop().isComplete());
            web.remove();
        }
    }
}
