package org.processmanager.examples.app.cli.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.terminal.Terminal;

/** One run of the app within this JVM. */
public record PmRun(int exit, byte[] bytes, String err) {
    public static PmRun pm(byte[] in, String... args) {
        return pm(new ByteArrayInputStream(in), args);
    }

    public static PmRun pm(InputStream in, String... args) {
        List<String> line = new ArrayList<>(List.of("--log", "/dev/null"));
        line.addAll(List.of(args));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = App.run(Terminal.of(in, out, new PrintStream(err, true, UTF_8)), line.toArray(String[]::new));
        return new PmRun(exit, out.toByteArray(), err.toString(UTF_8));
    }

    public static PmRun pm(String... args) {
        return pm(new byte[0], args);
    }

    /** Runs it in a thread of its own. */
    public static CompletableFuture<PmRun> start(String... args) {
        CompletableFuture<PmRun> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.complete(pm(args)), "pm");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    public PmRun assertExit(int expected) {
        assertEquals(expected, exit, () -> out() + err);
        return this;
    }

    public String out() {
        return new String(bytes, UTF_8);
    }

    public List<String> lines() {
        return out().lines().toList();
    }

    public JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out());
    }
}
