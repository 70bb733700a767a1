package org.processmanager.examples.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.processmanager.core.Command;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;

/** Starts a server, waits until it is ready, stops it by a request of its own protocol, and reads what it wrote. */
public final class ServerUp {
    private static final String SERVER = "echo starting; echo ready; read request; echo \"request: $request\"";

    private ServerUp() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        ManagedProcess server =
                Command.shell(SERVER).stdin(Input.pipe()).stdout(Output.pipe()).start();
        if (server.awaitLine(Pattern.compile("^ready$"), Duration.ofSeconds(10)).isEmpty()) {
            server.kill();
            throw new IllegalStateException("the server is not ready after 10 s");
        }
        System.out.println("the server is ready");

        // the first step asks, the second one is for a server that does not answer
        StopPolicy policy = StopPolicy.of(
                StopPolicy.step("quit request", process -> request(server, "quit"), Duration.ofSeconds(10)),
                StopPolicy.Step.signal(Signal.KILL, Duration.ofSeconds(5)));
        StopReport report = server.stop(policy);
        System.out.println("stopped by: " + report.effectiveStep().orElseThrow());

        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(server.stdout(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> System.out.println("server: " + line));
        }
    }

    private static void request(ManagedProcess server, String request) throws IOException {
        server.stdin().write((request + "\n").getBytes(StandardCharsets.UTF_8));
        server.stdin().flush();
    }
}
