package org.processmanager.benchmarks.multiprocess;

import java.util.Locale;
import java.util.TreeMap;

/** Measures a JVM whose threads should all be waiting. */
public final class IdleMeasurement {
    private static final long SETTLE_MILLIS = 500; // until compilers finish and waiting threads sleep

    private IdleMeasurement() {}

    /**
     * Waits for {@code millis}, then reports the CPU time in percent of one processor, and the threads that wakeUps up.
     */
    public static void measure(Params settings, Results results) throws InterruptedException {
        java.lang.Thread.sleep(SETTLE_MILLIS);
        Meter meter = new Meter();
        meter.start();
        IdleMeter idle = new IdleMeter();
        java.lang.Thread.sleep(settings.number("millis"));
        Samples percent = new Samples();
        percent.add(idle.cpuPercent());
        StringBuilder wakeUps = new StringBuilder(String.format(
                Locale.ROOT,
                "threads outside the JVM itself: %.3f %%cpu; wake-ups per second:",
                idle.cpuPercentOutsideTheJvm()));
        new TreeMap<>(idle.wakeUps())
                .forEach((name, perSecond) -> wakeUps.append(" %s %.1f".formatted(name, perSecond)));
        meter.stop();
        results.note(idle.wakeUps().isEmpty() ? wakeUps + " none" : wakeUps.toString());
        results.add(Result.of("", percent).with(meter.used(), 1));
    }
}
