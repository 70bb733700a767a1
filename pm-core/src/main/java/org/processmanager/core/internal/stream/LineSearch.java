package org.processmanager.core.internal.stream;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.processmanager.core.internal.util.Threads;

/**
 * Searches the output of a running process for a line, in what is retained first and then in what comes. Lines are decoded
 * and matched on a worker thread, so that an expensive pattern slows its own process only.
 */
public final class LineSearch implements AutoCloseable {
    private record Attached(WatchableSink output, Sink watcher) {}

    private final String process;
    private final Pattern pattern;
    private final CompletableFuture<Optional<String>> found = new CompletableFuture<>();
    private final List<Attached> attached = new ArrayList<>();
    private final CountDownLatch caughtUp;
    private final AtomicInteger open;

    /**
     * Starts to search.
     *
     * @param process the name for messages
     * @param outputs where to search; at least one
     */
    public LineSearch(String process, Pattern pattern, List<WatchableSink> outputs, List<Charset> charsets) {
        this.process = process;
        this.pattern = pattern;
        caughtUp = new CountDownLatch(outputs.size());
        open = new AtomicInteger(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            SerialTasks tasks = new SerialTasks(Threads.WORKERS_OR_CALLER);
            Sink watcher = ConsumerSink.ofLines(process, tasks, charsets.get(i), false, this::match);
            attached.add(new Attached(outputs.get(i), watcher));
            outputs.get(i).attach(watcher, this::ended);
            tasks.execute(caughtUp::countDown);
        }
    }

    private void match(String line) {
        if (found.isDone()) {
            return;
        }
        try {
            if (pattern.matcher(line).find()) {
                found.complete(Optional.of(line));
            }
        } catch (RuntimeException | StackOverflowError e) {
            found.completeExceptionally(e);
        }
    }

    private void ended() {
        if (open.decrementAndGet() == 0) {
            found.complete(Optional.empty());
        }
    }

    /**
     * Blocks until a line was found, all outputs have ended or the timeout is over. What is retained is searched in any case.
     *
     * @throws IllegalStateException if the pattern cannot be matched against a line
     */
    public Optional<String> await(long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        caughtUp.await();
        try {
            return found.get(timeoutNanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot match " + pattern + " against the output of " + process, e.getCause());
        }
    }

    /** Ends the search. */
    @Override
    public void close() {
        for (Attached each : attached) {
            each.output().detach(each.watcher());
        }
    }
}
