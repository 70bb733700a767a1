package org.processmanager.benchmarks.peers;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Adler32;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.EchoWork;
import org.processmanager.benchmarks.multiprocess.process.Echoing;

/**
 * ProcessBuilder with two threads for each process, a writer and a reader; standard error is redirected to standard
 * output. All writers start together, as in NuProcess's benchmark.
 */
public final class ProcessBuilderEchoing implements Echoing {
    private static final int BUFFER_BYTES = 65_536;

    private final ExecutorService pumps = Executors.newCachedThreadPool();

    private final EchoWork work;

    public ProcessBuilderEchoing(Params settings) {
        work = EchoWork.of(settings);
    }

    @Override
    public List<Echo> echo(int processes) throws Exception {
        CyclicBarrier allStarted = new CyclicBarrier(processes);
        List<Process> started = new ArrayList<>();
        List<Future<Long>> checksums = new ArrayList<>();
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            Process process = new ProcessBuilder(EchoWork.COMMAND)
                    .redirectErrorStream(true)
                    .start();
            started.add(process);
            checksums.add(pumps.submit(() -> read(process.getInputStream())));
            writers.add(pumps.submit(() -> {
                allStarted.await();
                write(process.getOutputStream());
                return null;
            }));
        }
        List<Echo> echoes = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            writers.get(i).get();
            echoes.add(new Echo(started.get(i).waitFor(), checksums.get(i).get()));
        }
        return echoes;
    }

    private void write(OutputStream output) throws Exception {
        try (output) {
            for (int i = 0; i < work.writes(); i++) {
                output.write(EchoWork.CHUNK);
            }
        }
    }

    private static long read(InputStream input) throws Exception {
        try (input) {
            Adler32 checksum = new Adler32();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                checksum.update(buffer, 0, count);
            }
            return checksum.getValue();
        }
    }

    @Override
    public void close() {
        pumps.shutdown();
    }
}
