package org.processmanager.examples.app.menu;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.processmanager.core.thread.TerminationReport;
import org.processmanager.core.thread.ThreadSnapshot;

/** Text about threads, those of the menu and of a child. */
final class ThreadText {
    static final List<String> TITLES = List.of("NAME", ">JAVA ID", ">NATIVE ID", "STATE", ">CPU");

    private ThreadText() {}

    static String started(ThreadSnapshot thread) {
        String nativeId = thread.nativeId().isPresent()
                ? ", native id " + thread.nativeId().getAsLong()
                : "";
        return "thread " + thread.name() + " started (Java id " + thread.javaId() + nativeId + ")";
    }

    /** Returns one line if it has ended, otherwise its stack. */
    static String ended(TerminationReport report) {
        return report.termination()
                .map(end -> "thread " + report.name() + " ended: "
                        + end.outcome().name().toLowerCase(Locale.ROOT) + " after " + seconds(end.lifetime()))
                .orElseGet(report::text);
    }

    static List<String> row(ThreadSnapshot thread) {
        return List.of(
                thread.name(),
                Long.toString(thread.javaId()),
                thread.nativeId().isPresent() ? Long.toString(thread.nativeId().getAsLong()) : "-",
                thread.state().name(),
                thread.cpuTime().map(ThreadText::millis).orElse("-"));
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
