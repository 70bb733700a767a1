package org.processmanager.examples.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.processmanager.fixtures.Eventually;

/** A terminal with a program in it, and a keyboard: a tmux server of its own, ended by closing. */
public final class Tmux implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int COLUMNS = 160;
    private static final int ROWS = 60;

    private final String server;
    private boolean open = true;

    private Tmux(String server) {
        this.server = server;
    }

    /** Runs a program in a new terminal of 160 columns; behind its output stands {@code left with CODE}. */
    public static Tmux start(List<String> command, String... environment) {
        return start(COLUMNS, ROWS, command, environment);
    }

    /** Runs a program in a new terminal of a size; behind its output stands {@code left with CODE}. */
    public static Tmux start(int columns, int rows, List<String> command, String... environment) {
        Tmux tmux = new Tmux("pm-test-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        // With a trap, whatever shell it is, Ctrl-C ends the program alone.
        StringBuilder script = new StringBuilder("trap : INT; env");
        for (String variable : environment) {
            script.append(' ').append(quoted(variable));
        }
        for (String word : command) {
            script.append(' ').append(quoted(word));
        }
        script.append("; echo \"left with $?\"; exec cat >/dev/null");
        tmux.call(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                Integer.toString(columns),
                "-y",
                Integer.toString(rows),
                script.toString());
        return tmux;
    }

    /** Types a line. */
    public void type(String line) {
        keys(line);
        key("Enter");
    }

    /** Types text without a line end. */
    public void keys(String text) {
        call("send-keys", "-l", text);
    }

    /** Presses a key, by tmux's name for it. */
    public void key(String name) {
        call("send-keys", name);
    }

    /** Changes the size of the terminal. */
    public void resize(int columns, int rows) {
        call("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    /** What the terminal shows, what has left it at the top included, without blank lines at the end. */
    public String screen() {
        return call("capture-pane", "-p", "-J", "-S", "-").stripTrailing();
    }

    /** Waits until the terminal shows something. */
    public void await(String description, Predicate<String> shown) {
        String[] last = new String[1];
        boolean seen = Eventually.await(SOON, () -> {
            last[0] = screen();
            return shown.test(last[0]);
        });
        if (!seen) {
            throw new AssertionError("not within " + SOON + ": " + description + ", but\n" + last[0]);
        }
    }

    /**
     * Ends the terminal and waits for the ends of the processes in it, which may still write their files then; closing
     * it again does nothing.
     */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        ProcessHandle first = ProcessHandle.of(Long.parseLong(
                        call("display-message", "-p", "#{pane_pid}").strip()))
                .orElseThrow();
        List<ProcessHandle> inside =
                Stream.concat(Stream.of(first), first.descendants()).toList();
        call("kill-server");
        try {
            Eventually.assertThat(SOON, "what ran in the terminal has ended: " + inside, () -> inside.stream()
                    .noneMatch(ProcessHandle::isAlive));
        } finally {
            inside.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private String call(String... arguments) {
        List<String> line = new ArrayList<>(List.of("tmux", "-L", server));
        line.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", line) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException("tmux, which this test needs, does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
