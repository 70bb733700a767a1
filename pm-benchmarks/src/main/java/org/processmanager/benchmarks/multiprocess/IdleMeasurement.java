package org.processmanager.benchmarks.multiprocess;

import java.util.Locale;
import java.util.TreeMap;

/** Measures what the JVM does while all of it should be waiting. */
public final class IdleMeasurement {
    private static final long SETTLE_MILLIS = 500; // compilers finish, watchers go to sleep

    private IdleMeasurement() {}

    /** Waits for {@code millis}; reports the busy share of one processor, and who woke. */
    public static void measure(Params settings, Results results) throws InterruptedException {
        java.lang.Thread.sleep(SETTLE_MILLIS);
        Meter meter = new Meter();
        meter.start();
        IdleMeter idle = new IdleMeter();
        java.lang.Thread.sleep(settings.number("millis"));
        Samples percent = new Samples();
        percent.add(idle.cpuPercent());
        StringBuilder woke = new StringBuilder(String.format(
                Locale.ROOT,
                "threads that are not the JVM's own: %.3f %%cpu; their wake-ups a second:",
                idle.cpuPercentBesideTheJvm()));
        new TreeMap<>(idle.wakeUps()).forEach((name, perSecond) -> woke.append(" %s %.1f".formatted(name, perSecond)));
        meter.stop();
        results.note(idle.wakeUps().isEmpty() ? woke + " none" : woke.toString());
        results.add(Result.of("", percent).with(meter.used(), 1));
    }
}
