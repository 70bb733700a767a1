package org.processmanager.examples.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.processmanager.core.Command;

/** Runs many commands, at most three at a time, and keeps the order of their results. */
public final class ParallelExample {
    private static final int AT_ONCE = 3;

    private ParallelExample() {}

    public static void main(String[] args) throws ExecutionException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE); // virtual ones do as well, with a semaphore
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                Command command = Command.of("expr", Integer.toString(i), "*", "7");
                results.add(threads.submit(() -> command.run().stdoutText().strip()));
            }
            for (Future<String> result : results) {
                System.out.println(result.get()); // throws what run() has thrown
            }
        } finally {
            threads.shutdownNow(); // interrupts run(), which stops its program
        }
    }
}
