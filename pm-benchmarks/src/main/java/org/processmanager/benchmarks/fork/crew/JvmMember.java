package org.processmanager.benchmarks.fork.crew;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.fork.Fields;

/** A member in a child JVM, spoken to over its standard streams. */
final class JvmMember implements Member {
    private final Process process;
    private final Writer commands;
    private final Queue<CompletableFuture<Fields>> unanswered = new ArrayDeque<>(); // guarded by itself

    JvmMember(Class<? extends Workplace> workplace, Fields settings, int index) throws IOException {
        process = ChildJvm.start(MemberMain.class, workplace.getName(), Integer.toString(index), settings);
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readAnswers, "answers of member " + index);
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public CompletableFuture<Fields> perform(Fields command) {
        CompletableFuture<Fields> answer = new CompletableFuture<>();
        synchronized (unanswered) {
            unanswered.add(answer);
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
                if (line.startsWith(MemberMain.ANSWER)) {
                    next().complete(Fields.ofLine(line.substring(MemberMain.ANSWER.length())));
                } else if (line.startsWith(MemberMain.FAILURE)) {
                    next().completeExceptionally(
                                    new IllegalStateException(line.substring(MemberMain.FAILURE.length())));
                } else {
                    System.err.println(line); // somebody's chatter, or where its threads are
                }
            }
        } catch (IOException e) {
            // As at its end: nobody answers any more.
        }
        synchronized (unanswered) {
            unanswered.forEach(
                    answer -> answer.completeExceptionally(new IllegalStateException("a member of the crew ended")));
        }
    }

    private CompletableFuture<Fields> next() {
        synchronized (unanswered) {
            return unanswered.remove();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            commands.close();
        } catch (IOException e) {
            // It ended before.
        }
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
