package org.processmanager.benchmarks.multiprocess;

import java.util.Arrays;

/** Where the JVM of a candidate's fork begins: the class of a {@link ForkProgram}, then its params. */
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
        } catch (Throwable e) { // whatever went wrong is this candidate's row
            e.printStackTrace();
            results.failed(e);
            exit = 1;
        }
        Runtime.getRuntime().halt(exit); // candidates leave threads and shutdown hooks behind
    }
}
