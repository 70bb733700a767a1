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

/** One run of one candidate in processes of its own. Its folder and its processes are gone afterwards, however it ends. */
final class Fork implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int LINES_KEPT = 20;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final long DUMP_MILLIS = 1_000;
    private static final long LOOK_AGAIN_MILLIS = 5;

    private final Path scratch;
    private final Process process;
    private final Thread outputReader;
    private final Thread errorReader;
    private final Thread undertaker = new Thread(this::destroy, "end of a fork");
    private final List<Result> results = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Deque<String> chatter = new ArrayDeque<>(); // guarded by itself
    private final BlockingQueue<String> marks = new LinkedBlockingQueue<>(); // what it says of itself
    private final ThreadDumpParser whereabouts = new ThreadDumpParser();
    private final Semaphore dumps = new Semaphore(0); // that were read
    private volatile boolean hangs; // what it prints from now on are dumps of its threads
    private String failure;
    private boolean verified;

    private Fork(Path scratch, Process process) {
        this.scratch = scratch;
        this.process = process;
        outputReader = reader(process.getInputStream(), "output of a fork");
        errorReader = reader(process.getErrorStream(), "errors of a fork");
    }

    /** What makes a command line when it knows the folder. */
    interface CommandOf {
        List<String> in(Path scratch) throws IOException, UnavailableException;
    }

    static Fork start(CommandOf command) throws IOException, UnavailableException {
        return start(command, Redirect.from(new File("/dev/null")));
    }

    /** Stays until {@link #close()}, or until this program ends, and measures in {@link #round}. */
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
            Runtime.getRuntime().addShutdownHook(fork.undertaker); // an interrupted run leaves nothing either
            return fork;
        } catch (IOException | UnavailableException e) {
            Directories.delete(scratch);
            throw e;
        }
    }

    /** Waits for its end, which comes by force when the time is over. */
    ForkOutcome await(Duration timeout) throws InterruptedException {
        boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            tookTooLong(timeout);
        }
        outputReader.join(PATIENCE_MILLIS);
        errorReader.join(PATIENCE_MILLIS);
        if (failure == null && !verified) {
            failure = "ended with exit code " + process.waitFor() + " and no result; its last line: " + lastLine();
        }
        return new ForkOutcome(results, notes, failure == null ? "" : failure, lines());
    }

    /** Waits until it has said its last; its end may take longer. */
    ForkOutcome awaitVerified(Duration timeout) throws InterruptedException {
        return awaitMark(Results.VERIFIED, timeout);
    }

    private void tookTooLong(Duration timeout) throws InterruptedException {
        hangs = true;
        try {
            for (ProcessHandle each : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .filter(Fork::isJvm)
                    .toList()) { // one after another, so that their lines do not mix
                Tool.run(List.of("sh", "-c", "kill -QUIT " + each.pid()), Path.of("/"));
                dumps.tryAcquire(DUMP_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (IOException | UnavailableException e) {
            // It ended just now, or this system has no such signal.
        }
        String where = whereabouts.toString();
        failure = "did not end within " + timeout.toSeconds() + " s" + (where.isEmpty() ? "" : ": " + where);
        destroyProcesses();
    }

    private static boolean isJvm(ProcessHandle process) {
        return process.info().command().filter(path -> path.endsWith("/java")).isPresent();
    }

    /** Waits until a fork that stays is prepared. */
    ForkOutcome awaitReady(Duration timeout) throws InterruptedException {
        return awaitMark(Results.READY, timeout);
    }

    /** Has a fork that stays measure once more, for so long. */
    ForkOutcome round(int millis, Duration timeout) throws InterruptedException {
        verified = false; // nobody writes there before the fork reads the order
        results.clear();
        notes.clear();
        try {
            process.getOutputStream().write((Params.of("millis", millis) + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            return await(Duration.ofMillis(PATIENCE_MILLIS)); // it has ended, or does
        }
        return awaitMark(Results.VERIFIED, timeout);
    }

    private ForkOutcome awaitMark(String expected, Duration timeout) throws InterruptedException {
        String mark = marks.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (expected.equals(mark)) {
            return new ForkOutcome(List.copyOf(results), List.copyOf(notes), "", lines());
        }
        if (mark == null) {
            tookTooLong(timeout);
        }
        return await(Duration.ofMillis(PATIENCE_MILLIS));
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
                } else if (whereabouts.read(line)) {
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
        synchronized (chatter) {
            chatter.add(line);
            if (chatter.size() > LINES_KEPT) {
                chatter.remove();
            }
        }
    }

    private List<String> lines() {
        synchronized (chatter) {
            return List.copyOf(chatter);
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

    /** The folder last: who lives may still write there. What comes next is not to run beside the ends either. */
    private void destroy() {
        List<ProcessHandle> descendants = destroyProcesses();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        try {
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            while (descendants.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - deadline < 0) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Directories.delete(scratch);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(undertaker);
        } catch (IllegalStateException e) {
            return; // it runs
        }
        destroy();
    }
}
