package org.processmanager.examples.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pm bench}, so that the help lists it; the start script starts the benchmarks instead of this app. */
@Command(
        name = "bench",
        description = "Runs the benchmarks of the libraries and their peers; pm bench --help lists what it can do.")
final class BenchCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "What to run.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        throw new CommandFailure(
                ExitCode.BAD_INPUT,
                "bench is another program, in a JVM without the options of this one, so that its figures are those of a"
                        + " usual JVM: start it by the script, ./pm bench");
    }
}
