package org.processmanager.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The command line of the benchmarks, {@code ./pm bench}.
 *
 * <pre>
 *   --list         the names of all benchmarks
 *   jmh ARGS...    JMH with its own arguments, as "jmh Lock -f 1 -wi 2 -i 3"
 * </pre>
 */
public final class Bench {
    private static final int WRONG_USAGE = 2;
    private static final String USAGE = """
            usage: pm bench --list           names of the benchmarks
                   pm bench jmh ARGS...      run them by JMH; its options are shown by: pm bench jmh -h
            """;

    private Bench() {}

    public static void main(String[] args) throws Exception {
        System.exit(run(args, System.err));
    }

    /** Runs one command; returns the exit code. */
    static int run(String[] args, PrintStream err) throws IOException, RunnerException {
        String command = args.length == 0 ? "" : args[0];
        switch (command) {
            case "--list" -> new Runner(new OptionsBuilder().build()).list();
            case "jmh" -> org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
            default -> {
                if (!command.isEmpty()) {
                    err.println("pm bench: there is no command '" + command + "'");
                }
                err.print(USAGE);
                return WRONG_USAGE;
            }
        }
        return 0;
    }
}
