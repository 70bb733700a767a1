package org.processmanager.benchmarks.runner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Rounds;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/** Work that takes no time; its parameters say what it measures and how it ends. */
public final class Trivial implements ForkProgram {
    @Override
    public void run(Params settings, Results results) throws Exception {
        System.out.println("a line of output");
        System.err.println("a warning");
        Files.writeString(settings.scratch().resolve("marker"), settings.text("log"));
        Files.writeString(
                settings.path("log").resolveSibling("pids"),
                ProcessHandle.current().pid() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Rounds rounds = new Rounds(settings, results, System.in);
        for (int round = 1; rounds.next(); round++) {
            work(rounds.settings(), results, round);
        }
    }

    private static void work(Params settings, Results results, int round) throws Exception {
        Files.writeString(
                Path.of(settings.text("log")),
                settings.text("name") + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        switch (settings.text("end", "well")) {
            case "wrong" -> VerificationException.expect("answer", 42, 41);
            case "wrong later" -> {
                VerificationException.expect("round", 1, round);
                measure(settings, results);
            }
            case "hang" -> hang();
            case "exit" -> Runtime.getRuntime().halt(3);
            default -> measure(settings, results);
        }
    }

    private static void hang() {
        while (true) {
            LockSupport.park();
        }
    }

    private static void measure(Params settings, Results results) {
        Samples samples = new Samples();
        samples.add(settings.number("measured"));
        results.add(Result.of("", samples));
        results.note("all is well with " + settings.text("name"));
    }
}
