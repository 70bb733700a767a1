package org.processmanager.examples.process;

import java.time.Duration;
import org.processmanager.core.Command;
import org.processmanager.core.EndReason;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessFailedException;
import org.processmanager.core.ProcessResult;

/** Runs programs, captures their output, and reads their exit status. */
public final class RunAndCapture {
    private RunAndCapture() {}

    public static void main(String[] args) throws InterruptedException {
        String system = Command.of("uname", "-s").run().stdoutText().strip();
        System.out.println("this is " + system);

        // an exit code other than 0 is an exception, unless it is accepted
        ProcessResult grep = Command.of("grep", "needle").acceptExitCodes(0, 1).run();
        System.out.println("grep found nothing: " + grep.status());
        try {
            Command.shell("echo oops >&2; exit 3").run();
        } catch (ProcessFailedException e) {
            System.out.println("failed: " + e.result().status());
        }

        try {
            Command.of("no-such-program").run();
        } catch (LaunchException e) {
            System.out.println(e.reason() == LaunchException.Reason.NOT_FOUND ? "not found" : e.getMessage());
        }

        ProcessResult late = Command.of("sleep", "60")
                .timeout(Duration.ofMillis(100))
                .acceptAnyExit()
                .run();
        System.out.println("too slow: " + (late.endReason() == EndReason.TIMED_OUT));
    }
}
