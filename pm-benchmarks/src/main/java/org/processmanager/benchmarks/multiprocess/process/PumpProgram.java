package org.processmanager.benchmarks.multiprocess.process;

import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Meter;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/**
 * NuProcess's own benchmark: milliseconds until {@code processes} instances of {@code cat} have echoed their input.
 * Every fork runs the same number of rounds, so that the CPU time is comparable too.
 */
public final class PumpProgram implements ForkProgram {
    private static final int WARM_UP_PROCESSES = 10;
    private static final int WARM_UP_ROUNDS = 2;

    @Override
    public void run(Params settings, Results results) throws Exception {
        int processes = settings.number("processes");
        long adler32 = EchoWork.of(settings).adler32();
        try (Echoing echoing = settings.adapter(Echoing.class)) {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                millisOf(echoing, WARM_UP_PROCESSES, adler32);
            }
            Samples millis = new Samples();
            Meter meter = new Meter();
            meter.start();
            for (int i = 0; i < settings.number("rounds"); i++) {
                millis.add(millisOf(echoing, processes, adler32));
            }
            meter.stop();
            results.add(Result.of("", millis).with(meter.used(), (long) millis.count() * processes));
        }
    }

    private static double millisOf(Echoing echoing, int processes, long adler32) throws Exception {
        long start = System.nanoTime();
        var echoes = echoing.echo(processes);
        double millis = (System.nanoTime() - start) / 1e6;
        VerificationException.expect("programs that exited", processes, echoes.size());
        for (Echoing.Echo echo : echoes) {
            VerificationException.expect("exit code of " + EchoWork.COMMAND, 0, echo.exitCode());
            VerificationException.expect("Adler32 of an echo", adler32, echo.adler32());
        }
        return millis;
    }
}
