package org.processmanager.examples.app.menu;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;

/**
 * The entry that creates a process.
 *
 * <p>Its line is split by {@link Words}. One word that is no program on PATH, and has no slash in it, is the name of a managed
 * child JVM, whose menu opens. Everything else is a program with its arguments, which inherits the streams of the menu, and the
 * menu waits for it; with {@code &} as the last word it runs in the background, without input.
 */
final class ProcessEntry {
    private static final String BESIDE = "&";
    private static final long A_MOMENT_NANOS = 1_000_000_000;

    private final Dialog dialog;
    private final ProcessManager manager;
    private final UnaryOperator<Command> environment;
    private final ChildEntry children;
    private final List<ManagedProcess> beside = new ArrayList<>();
    private volatile @Nullable CompletableFuture<ManagedProcess> foreground;
    private volatile long foregroundEndNanos = System.nanoTime() - A_MOMENT_NANOS;

    /**
     * Creates the entry.
     *
     * @param environment adds to the environment of a program
     * @param children opens the menu of a child
     */
    ProcessEntry(Dialog dialog, ProcessManager manager, UnaryOperator<Command> environment, ChildEntry children) {
        this.dialog = dialog;
        this.manager = manager;
        this.environment = environment;
        this.children = children;
    }

    /** Returns the awaited program, or null; the future completes when it has started, perhaps after its first action. */
    @Nullable
    CompletableFuture<ManagedProcess> foreground() {
        return foreground;
    }

    /**
     * Returns whether a program was awaited a moment ago. A terminal interrupts it and this JVM at the same time, and it may
     * exit before this JVM handles the signal.
     */
    boolean hadForeground() {
        return System.nanoTime() - foregroundEndNanos < A_MOMENT_NANOS;
    }

    void create() throws InterruptedException {
        foregroundEndNanos = System.nanoTime() - A_MOMENT_NANOS; // the user has seen that end
        String line = dialog.ask("command line, or a name for a child JVM");
        if (line == null) {
            return;
        }
        List<String> words = Words.of(line);
        if (words.isEmpty() || words.equals(List.of(BESIDE))) {
            throw new IllegalArgumentException(
                    "command line: nothing (expected: a program and its arguments, or a name for a child JVM)");
        }
        if (words.size() == 1 && isName(words.get(0))) {
            children.open(words.get(0));
        } else if (words.get(words.size() - 1).equals(BESIDE)) {
            startBeside(words.subList(0, words.size() - 1));
        } else {
            run(words);
        }
    }

    /** Reports the background programs that have ended. */
    void reportEnded() throws InterruptedException {
        for (ManagedProcess process : List.copyOf(beside)) {
            Optional<ProcessResult> result = process.await(Duration.ZERO); // its future may complete a moment later
            if (result.isPresent()) {
                beside.remove(process);
                dialog.say(ended(result.get()));
            }
        }
    }

    static String ended(ProcessResult result) {
        return result.command().name() + " (pid " + result.pid() + ") ended: " + result.status() + " after "
                + ThreadText.seconds(result.duration());
    }

    private void run(List<String> words) throws InterruptedException {
        dialog.flush();
        CompletableFuture<ManagedProcess> started = new CompletableFuture<>();
        foreground = started;
        try {
            ManagedProcess process = command(words).stdin(Input.inherit()).start();
            started.complete(process);
            dialog.say(ended(process.await()));
        } finally {
            if (started.isDone()) {
                foregroundEndNanos = System.nanoTime();
            }
            foreground = null;
        }
    }

    private void startBeside(List<String> words) {
        ManagedProcess process = command(words).stdin(Input.empty()).start();
        beside.add(process);
        dialog.say(process.name() + " (pid " + process.pid() + ") started");
    }

    private Command command(List<String> words) {
        Command command =
                manager.command(words.get(0), words.subList(1, words.size()).toArray(String[]::new));
        return environment
                .apply(command)
                .stdout(Output.inherit())
                .stderr(Output.inherit())
                .acceptAnyExit();
    }

    private static boolean isName(String word) {
        return word.indexOf('/') < 0 && !isProgram(word);
    }

    private static boolean isProgram(String word) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "/bin:/usr/bin");
        return Stream.of(path.split(File.pathSeparator)).anyMatch(directory -> {
            try {
                Path file = Path.of(directory.isEmpty() ? "." : directory, word);
                return Files.isRegularFile(file) && Files.isExecutable(file);
            } catch (InvalidPathException e) {
                return false;
            }
        });
    }
}
