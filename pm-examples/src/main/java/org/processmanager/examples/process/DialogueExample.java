package org.processmanager.examples.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.processmanager.core.Command;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;

/** Asks a program through its standard input and reads each answer from its standard output before it asks again. */
public final class DialogueExample {
    private static final String SQUARES = "while read number; do echo $((number * number)); done";

    private DialogueExample() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            ManagedProcess program = Command.shell(SQUARES)
                    .on(manager)
                    .stdin(Input.pipe())
                    .stdout(Output.pipe())
                    .timeout(Duration.ofSeconds(30)) // it may not answer
                    .start();
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(program.stdout(), StandardCharsets.UTF_8));
            for (int number = 2; number < 5; number++) {
                program.stdin().write((number + "\n").getBytes(StandardCharsets.UTF_8));
                System.out.println(number + " * " + number + " = " + answers.readLine());
            }
            program.stdin().close(); // the program finds the end of its input, and exits
            System.out.println("it left with " + program.await().status());
        }
    }
}
