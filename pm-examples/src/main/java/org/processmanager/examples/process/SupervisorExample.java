package org.processmanager.examples.process;

import java.time.Duration;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.Ready;
import org.processmanager.core.Signal;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.supervise.Restart;
import org.processmanager.core.supervise.Supervisor;

/** Keeps a server and a worker that depends on it running. The server is killed, and comes back. */
public final class SupervisorExample {
    private static final Duration LONG = Duration.ofSeconds(30);

    private SupervisorExample() {}

    public static void main(String[] args) throws InterruptedException {
        Command server = Command.shell("echo listening; exec sleep 600").ready(Ready.line("^listening$"), LONG);
        Command worker = Command.shell("exec sleep 600");

        try (ProcessManager pm = ProcessManager.create()) {
            pm.addListener(event -> {
                if (event instanceof ChildChanged change) {
                    String reason =
                            change.reason().map(text -> " (" + text + ")").orElse("");
                    System.out.println(change.child() + ": " + change.state() + reason);
                }
            });
            Restart soon = Restart.always().backOff(Duration.ofMillis(100), Duration.ofSeconds(5));
            try (Supervisor supervisor = pm.supervisor()
                    .child("server", server, child -> child.restart(soon))
                    .child("worker", worker, child -> child.dependsOn("server"))
                    .start()) {
                check(supervisor.awaitReady(LONG), supervisor);
                supervisor.process("server").orElseThrow().signal(Signal.KILL);
                check(supervisor.await(now -> now.child("server").restarts() == 1 && now.isReady(), LONG), supervisor);
            } // the worker is stopped first, then the server
        }
    }

    private static void check(boolean expected, Supervisor supervisor) {
        if (!expected) {
            throw new IllegalStateException("not ready within " + LONG.toSeconds() + " s: " + supervisor);
        }
    }
}
