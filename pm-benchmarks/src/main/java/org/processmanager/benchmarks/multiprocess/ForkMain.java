package org.processmanager.benchmarks.multiprocess;

import java.util.Arrays;

/** The main class of the JVM of a fork. Arguments: the class of a {@link ForkProgram}, then its parameters. */
public final class ForkMain {
    private ForkMain() {}

    public static void main(String[] args) {
        Results results = new Results(System.out);
        int exit = 0;
        try {
            Params settings = Params.ofWords(Arrays.asList(args).subList(1, args.length));
            ForkProgram program =
                    (ForkProgram) Class.forName(args[0]).getConstructor().newInstance();
            program.run(settings, results);
            results.verified();
        } catch (Throwable e) { // any failure is reported in the row of this candidate
            e.printStackTrace();
            results.failed(e);
            exit = 1;
        }
        Runtime.getRuntime().halt(exit); // candidates may leave threads and shutdown hooks running
    }
}
