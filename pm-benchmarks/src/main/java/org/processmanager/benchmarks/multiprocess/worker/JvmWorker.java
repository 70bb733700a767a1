package org.processmanager.benchmarks.multiprocess.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;

/** A worker in a child JVM; commands and answers use its standard streams. */
final class JvmWorker implements Worker {
    private final Process process;
    private final Writer commands;
    private final Queue<CompletableFuture<Params>> pending = new ArrayDeque<>(); // guarded by itself

    JvmWorker(Class<? extends WorkerContext> workplace, Params settings, int index) throws IOException {
        process = ChildJvm.start(WorkerMain.class, workplace.getName(), Integer.toString(index), settings);
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readAnswers, "answers of worker " + index);
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public CompletableFuture<Params> perform(Params command) {
        CompletableFuture<Params> answer = new CompletableFuture<>();
        synchronized (pending) {
            pending.add(answer);
        }
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void readAnswers() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(WorkerMain.ANSWER)) {
                    next().complete(Params.ofLine(line.substring(WorkerMain.ANSWER.length())));
                } else if (line.startsWith(WorkerMain.FAILURE)) {
                    next().completeExceptionally(
                                    new IllegalStateException(line.substring(WorkerMain.FAILURE.length())));
                } else {
                    System.err.println(line); // other output, for example a thread dump
                }
            }
        } catch (IOException e) {
            // handled like the end of the stream
        }
        synchronized (pending) {
            pending.forEach(answer -> answer.completeExceptionally(new IllegalStateException("a worker has exited")));
        }
    }

    private CompletableFuture<Params> next() {
        synchronized (pending) {
            return pending.remove();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            commands.close();
        } catch (IOException e) {
            // it has already exited
        }
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
