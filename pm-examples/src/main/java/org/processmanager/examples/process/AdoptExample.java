package org.processmanager.examples.process;

import java.time.Duration;
import org.processmanager.core.AdoptedProcess;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.StopReport;

/** Finds a process that another program started, watches it, and stops it. */
public final class AdoptExample {
    private AdoptExample() {}

    public static void main(String[] args) throws InterruptedException {
        String pid = Command.shell("sleep 600 >/dev/null 2>&1 & echo $!").run().stdoutText();
        // a pid alone may later mean another process; an identity never does, and can be stored
        ProcessIdentity identity =
                ProcessIdentity.of(Long.parseLong(pid.strip())).orElseThrow();
        try (ProcessManager manager = ProcessManager.create()) {
            AdoptedProcess sleeper = manager.adopt(identity);
            System.out.println("it runs: " + sleeper.isAlive());
            StopReport report = sleeper.stop();
            System.out.println("stopped: " + report.isComplete());
            System.out.println("its end was noticed: "
                    + sleeper.await(Duration.ofSeconds(10)).isPresent());
        }
    }
}
