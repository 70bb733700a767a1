package org.processmanager.benchmarks.multiprocess.worker;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import org.processmanager.benchmarks.multiprocess.Params;

/**
 * The main class of a worker in its own JVM: reads commands from standard input, one per line, and answers on
 * standard output. Exits at the end of its input, so it does not outlive the fork.
 */
public final class WorkerMain {
    static final String ANSWER = "@worker ";
    static final String FAILURE = "@worker-failed ";

    private WorkerMain() {}

    /** @param args the class of the context, the index, the parameters of the fork */
    public static void main(String[] args) throws Exception {
        Params settings = Params.ofWords(Arrays.asList(args).subList(2, args.length));
        Worker worker = null;
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                if (worker == null) {
                    WorkerContext context = settings.make(WorkerContext.class, args[0]);
                    worker = new ThreadWorker(context, Integer.parseInt(args[1]), true);
                }
                answer(ANSWER + worker.perform(Params.ofLine(line)).get());
            } catch (ExecutionException e) {
                e.getCause().printStackTrace();
                answer(FAILURE + e.getCause());
            } catch (Exception e) {
                e.printStackTrace();
                answer(FAILURE + e);
            }
        }
        if (worker != null) {
            worker.close();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void answer(String line) {
        System.out.print(line.replace('\n', ' ') + "\n");
        System.out.flush();
    }
}
