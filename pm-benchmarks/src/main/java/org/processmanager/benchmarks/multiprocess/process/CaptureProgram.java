package org.processmanager.benchmarks.multiprocess.process;

import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Meter;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Results;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.TimeBudget;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/** Microseconds from the launch of a program until the caller has all of its output. */
public final class CaptureProgram implements ForkProgram {
    @Override
    public void run(Params settings, Results results) throws Exception {
        Output output = Output.of(settings.text("output"));
        try (Launching launching = settings.adapter(Launching.class)) {
            Plan plan = Plan.of(settings, launching.variants().size());
            for (String variant : launching.variants()) {
                launching.use(variant);
                captures(launching, output, plan.warmUp());
                Meter meter = new Meter();
                meter.start();
                Samples micros = captures(launching, output, plan.measuring());
                meter.stop();
                results.add(Result.of(variant, micros).with(meter.used(), micros.count()));
            }
        }
    }

    private static Samples captures(Launching launching, Output output, TimeBudget budget) throws Exception {
        Samples micros = new Samples();
        while (budget.continues(micros.count())) {
            long before = System.nanoTime();
            byte[] captured = launching.capture(output.command);
            micros.add((System.nanoTime() - before) / (double) TimeUnit.MICROSECONDS.toNanos(1));
            output.verify(captured);
        }
        return micros;
    }

    /** A program and its output. */
    private enum Output {
        ONE_KILOBYTE("0".repeat(1000), "/usr/bin/printf", "%01000d", "0"),
        SEQUENCE(numbersUpTo(100_000), "/usr/bin/seq", "1", "100000");

        final String[] command;
        private final int length;
        private final long checksum;

        Output(String text, String... command) {
            this.command = command;
            byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            length = bytes.length;
            checksum = checksum(bytes);
        }

        static Output of(String name) {
            return name.equals("1k") ? ONE_KILOBYTE : SEQUENCE;
        }

        void verify(byte[] captured) {
            VerificationException.expect("bytes captured of " + command[0], length, captured.length);
            VerificationException.expect("checksum of the output of " + command[0], checksum, checksum(captured));
        }

        private static String numbersUpTo(int last) {
            StringBuilder text = new StringBuilder();
            for (int i = 1; i <= last; i++) {
                text.append(i).append('\n');
            }
            return text.toString();
        }

        private static long checksum(byte[] bytes) {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return crc.getValue();
        }
    }
}
