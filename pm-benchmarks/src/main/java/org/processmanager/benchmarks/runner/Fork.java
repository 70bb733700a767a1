package org.processmanager.benchmarks.runner;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;

/** One run of one candidate in its own processes. {@link #close()} deletes its directory and ends its processes. */
final class Fork implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int LINES_KEPT = 20;
    private static final long EXIT_TIMEOUT_MILLIS = 2_000;
    private static final long DUMP_TIMEOUT_MILLIS = 1_000;
    private static final long POLL_MILLIS = 5;

    private final Path scratch;
    private final Process process;
    private final Thread outputReader;
    private final Thread errorReader;
    private final Thread shutdownHook = new Thread(this::destroy, "fork cleanup");
    private final List<Result> results = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Deque<String> otherOutput = new ArrayDeque<>(); // guarded by itself
    private final BlockingQueue<String> marks = new LinkedBlockingQueue<>(); // status lines of the fork
    private final ThreadDumpParser threadDumps = new ThreadDumpParser();
    private final Semaphore dumps = new Semaphore(0); // one permit for each thread dump that was read
    private volatile boolean hangs; // its output from now on is thread dumps
    private String failure;
    private boolean verified;

    private Fork(Path scratch, Process process) {
        this.scratch = scratch;
        this.process = process;
        outputReader = reader(process.getInputStream(), "fork output");
        errorReader = reader(process.getErrorStream(), "fork errors");
    }

    /** Creates the command line for a fork with this directory. */
    interface CommandOf {
        List<String> in(Path scratch) throws IOException, UnavailableException;
    }

    static Fork start(CommandOf command) throws IOException, UnavailableException {
        return start(command, Redirect.from(new File("/dev/null")));
    }

    /** Starts a fork that stays until {@link #close()}, or until this JVM exits, and measures in {@link #round}. */
    static Fork startStaying(CommandOf command) throws IOException, UnavailableException {
        return start(command, Redirect.PIPE);
    }

    private static Fork start(CommandOf command, Redirect input) throws IOException, UnavailableException {
        Path scratch = Files.isWritable(SHARED_MEMORY)
                ? Files.createTempDirectory(SHARED_MEMORY, "pm-bench-")
                : Files.createTempDirectory("pm-bench-");
        try {
            Process process =
                    new ProcessBuilder(command.in(scratch)).redirectInput(input).start();
            Fork fork = new Fork(scratch, process);
            Runtime.getRuntime().addShutdownHook(fork.shutdownHook); // also cleans up after an interrupted run
            return fork;
        } catch (IOException | UnavailableException e) {
            Directories.delete(scratch);
            throw e;
        }
    }

    /** Blocks until the fork exits; kills it at the timeout. */
    ForkOutcome await(Duration timeout) throws InterruptedException {
        boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            killAfterTimeout(timeout);
        }
        outputReader.join(EXIT_TIMEOUT_MILLIS);
        errorReader.join(EXIT_TIMEOUT_MILLIS);
        if (failure == null && !verified) {
            failure = "exited with code " + process.waitFor() + " and no result; its last line: " + lastLine();
        }
        return new ForkOutcome(results, notes, failure == null ? "" : failure, lines());
    }

    /** Blocks until the fork has reported its results; its exit may take longer. */
    ForkOutcome awaitVerified(Duration timeout) throws InterruptedException {
        return awaitMark(Results.VERIFIED, timeout);
    }

    private void killAfterTimeout(Duration timeout) throws InterruptedException {
        hangs = true;
        try {
            for (ProcessHandle each : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .filter(Fork::isJvm)
                    .toList()) { // sequentially, so that the dumps do not interleave
                Tool.run(List.of("sh", "-c", "kill -QUIT " + each.pid()), Path.of("/"));
                dumps.tryAcquire(DUMP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (IOException | UnavailableException e) {
            // it has just exited, or the system has no SIGQUIT
        }
        String where = threadDumps.toString();
        failure = "did not exit within " + timeout.toSeconds() + " s" + (where.isEmpty() ? "" : ": " + where);
        destroyProcesses();
    }

    private static boolean isJvm(ProcessHandle process) {
        return process.info().command().filter(path -> path.endsWith("/java")).isPresent();
    }

    /** Blocks until a staying fork is ready to measure. */
    ForkOutcome awaitReady(Duration timeout) throws InterruptedException {
        return awaitMark(Results.READY, timeout);
    }

    /** Makes a staying fork measure for {@code millis}. */
    ForkOutcome round(int millis, Duration timeout) throws InterruptedException {
        verified = false; // no thread writes it before the fork has read the command
        results.clear();
        notes.clear();
        try {
            process.getOutputStream().write((Params.of("millis", millis) + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            return await(Duration.ofMillis(EXIT_TIMEOUT_MILLIS)); // it has exited or is about to
        }
        return awaitMark(Results.VERIFIED, timeout);
    }

    private ForkOutcome awaitMark(String expected, Duration timeout) throws InterruptedException {
        String mark = marks.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (expected.equals(mark)) {
            return new ForkOutcome(List.copyOf(results), List.copyOf(notes), "", lines());
        }
        if (mark == null) {
            killAfterTimeout(timeout);
        }
        return await(Duration.ofMillis(EXIT_TIMEOUT_MILLIS));
    }

    private Thread reader(InputStream stream, String name) {
        Thread reader = new Thread(() -> read(stream), name);
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private void read(InputStream stream) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(Results.PREFIX)) {
                    take(line.substring(Results.PREFIX.length()));
                } else if (!hangs) {
                    keep(line);
                } else if (threadDumps.read(line)) {
                    dumps.release();
                }
            }
        } catch (IOException | RuntimeException e) {
            keep(e.toString());
        }
        marks.add("end");
    }

    private void take(String line) {
        if (line.startsWith(Results.RESULT)) {
            results.add(Result.of(Params.ofLine(line.substring(Results.RESULT.length()))));
        } else if (line.startsWith(Results.NOTE)) {
            notes.add(Params.ofLine(line.substring(Results.NOTE.length())).text("text"));
        } else if (line.startsWith(Results.FAILED)) {
            failure = Params.ofLine(line.substring(Results.FAILED.length())).text("text");
        } else if (line.equals(Results.VERIFIED)) {
            verified = true;
            marks.add(line);
        } else if (line.equals(Results.READY)) {
            marks.add(line);
        }
    }

    private void keep(String line) {
        synchronized (otherOutput) {
            otherOutput.add(line);
            if (otherOutput.size() > LINES_KEPT) {
                otherOutput.remove();
            }
        }
    }

    private List<String> lines() {
        synchronized (otherOutput) {
            return List.copyOf(otherOutput);
        }
    }

    private String lastLine() {
        List<String> lines = lines();
        return lines.isEmpty() ? "none" : lines.get(lines.size() - 1).strip();
    }

    private List<ProcessHandle> destroyProcesses() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        return descendants;
    }

    /**
     * Ends the processes, then deletes the directory, into which they could still write. Waits for their exit, so
     * that it does not overlap with the next measurement.
     */
    private void destroy() {
        List<ProcessHandle> descendants = destroyProcesses();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EXIT_TIMEOUT_MILLIS);
        try {
            process.waitFor(EXIT_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            while (descendants.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - deadline < 0) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Directories.delete(scratch);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            return; // the shutdown hook is running
        }
        destroy();
    }
}
