package org.processmanager.benchmarks.jmh;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.processmanager.core.Command;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;

/** Runs a program that does nothing, from its launch until its exit is reported, sequentially and without pipes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaunchBenchmark {
    private static final String PROGRAM = "/bin/true";
    private static final Redirect NO_INPUT = Redirect.from(new File("/dev/null"));

    private final ProcessManager manager = ProcessManager.create();
    private final Command command =
            manager.command(PROGRAM).stdout(Output.discard()).stderr(Output.discard());

    @Benchmark
    public ProcessResult ours() throws InterruptedException {
        return command.run();
    }

    @Benchmark
    public int processBuilder() throws IOException, InterruptedException {
        return new ProcessBuilder(PROGRAM)
                .redirectInput(NO_INPUT)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
