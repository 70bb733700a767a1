package org.processmanager.core.internal.launch.jdk;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.tree.PipeHolders;

/** The pipes to the output streams of one {@link Process}, and the other processes that hold them. */
final class OutputPipes implements Closeable {
    /** The JDK knows start times with an error of a second. */
    private static final Duration START_TOLERANCE = Duration.ofMillis(1500);
    /** The pipes of all children, as far as they are known. */
    private static final Set<Long> KNOWN = ConcurrentHashMap.newKeySet();

    private final List<ProcessOutput> outputs = new ArrayList<>(2);
    private final @Nullable ProcessOutput stdout;
    private final @Nullable ProcessOutput stderr;
    private final Instant start = Instant.now().minus(START_TOLERANCE);

    private OutputPipes(Process process, boolean readsOut, boolean readsErr) {
        stdout = readsOut ? output(process, 1) : null;
        stderr = readsErr ? output(process, 2) : null;
    }

    private ProcessOutput output(Process process, int number) {
        ProcessOutput output = new ProcessOutput(process, number);
        output.inode().ifPresent(KNOWN::add);
        outputs.add(output);
        return output;
    }

    /** Loads what {@link #of} needs before the first process runs, which may exit at once. */
    static void prepare() {
        ProcessOutput.prepare();
    }

    /** Finds the pipes of a process; to be called as soon as it runs. */
    static OutputPipes of(Process process, LaunchSpec spec) {
        return new OutputPipes(
                process, isRead(spec.stdout()) || spec.stdout() instanceof OutputSpec.ToStage, isRead(spec.stderr()));
    }

    private static boolean isRead(@Nullable OutputSpec output) {
        return output != null && output.needsPipe();
    }

    /** Returns output stream 1 or 2; null if it is not read. */
    @Nullable
    ProcessOutput output(int number) {
        return number == 1 ? stdout : stderr;
    }

    /**
     * Returns the processes that have a pipe open, except this JVM. Those of a pipe that could not be looked up, because the
     * process had exited or replaced its streams, are those that have been started since and can write to a pipe of this JVM
     * that belongs to no other child, or to a pipe that has no reader.
     */
    List<Long> holders() {
        List<Long> inodes = new ArrayList<>(2);
        outputs.forEach(output -> output.inode().ifPresent(inodes::add));
        Set<Long> holders = new TreeSet<>();
        if (!inodes.isEmpty()) {
            holders.addAll(PipeHolders.find(inodes));
        }
        if (inodes.size() < outputs.size()) {
            PipeHolders.ofUnknownPipes(KNOWN).stream().filter(this::isSince).forEach(holders::add);
        }
        return List.copyOf(holders);
    }

    private boolean isSince(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .filter(begin -> !begin.isBefore(start))
                .isPresent();
    }

    /** Returns whether other processes may hold a pipe open though its end was read. */
    boolean isEndUnknown() {
        return outputs.stream().anyMatch(ProcessOutput::isEndUnknown);
    }

    /** Forgets the pipes, which are about to be closed. */
    void release() {
        outputs.forEach(output -> output.inode().ifPresent(KNOWN::remove));
    }

    @Override
    public void close() {
        for (ProcessOutput output : outputs) {
            try {
                output.close();
            } catch (IOException e) {
                // no longer used
            }
        }
    }
}
