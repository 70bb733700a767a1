package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Plan;
import org.processmanager.benchmarks.multiprocess.process.CaptureProgram;
import org.processmanager.benchmarks.multiprocess.process.ExitLatencyProgram;
import org.processmanager.benchmarks.multiprocess.process.IdleChildren;
import org.processmanager.benchmarks.multiprocess.process.ListProgram;
import org.processmanager.benchmarks.multiprocess.process.PumpProgram;
import org.processmanager.benchmarks.multiprocess.process.SpawnProgram;

/** Programs of the operating system: launching, capturing, pumping, watching, listing. */
final class ProcessSuites {
    private static final String PORTABLE = "-Dorg.processmanager.native=off";

    /** After 1500 launches ours is within five percent of its final speed; others are so earlier. */
    private static final Params WARM = Params.of(Plan.WARM_UP, 1_500);

    private ProcessSuites() {}

    static Suite spawn() {
        return new Suite(
                "spawn",
                "/bin/true, from its launch until its exit is reported",
                List.of(
                        spawn("true-sequential", "sequentially", Unit.MICROSECONDS),
                        spawn("true-8-threads", "by eight threads", Unit.PER_SECOND, "threads", 8),
                        spawn(
                                        "true-1000-idle-children",
                                        "sequentially, with 1000 waiting children",
                                        Unit.MICROSECONDS,
                                        IdleChildren.COUNT,
                                        1000)
                                .forks(Case.Forks.STAYING),
                        spawn(
                                        "true-4g-heap",
                                        "sequentially, with 4 GiB of touched memory",
                                        Unit.MICROSECONDS,
                                        "heap-gib",
                                        4)
                                .flags("-Xms5g", "-Xmx5g")
                                .forks(Case.Forks.OVERLAPPING)
                                .quick("2 GiB of touched memory, not 4", "heap-gib", 2)));
    }

    private static Case spawn(String name, String title, Unit unit, Object... params) {
        Candidates candidates = launchers(SpawnProgram.class).c("c-posix-spawn", "spawn");
        return Case.of(name, title, unit, WARM.with(params), candidates.list()).measureTime(MeasureTime.OF_LAUNCHES);
    }

    static Suite capture() {
        return new Suite(
                "capture",
                "a program from its launch until the caller has all of its output",
                List.of(
                        capture("1k", "1 KB written by printf", "1k"),
                        capture("seq-100000", "589 KB written by seq", "seq")));
    }

    private static Case capture(String name, String title, String output) {
        return Case.of(
                        name,
                        title,
                        Unit.MICROSECONDS,
                        WARM.with("output", output),
                        launchers(CaptureProgram.class).list())
                .measureTime(MeasureTime.OF_LAUNCHES);
    }

    private static Candidates launchers(Class<? extends ForkProgram> program) {
        return Candidates.of(program)
                .ours("ours", "ManagedLaunching")
                .ours("ours-portable", "ManagedLaunching", PORTABLE)
                .jdk("processbuilder", "ProcessBuilderLaunching")
                .peer("nuprocess", Peer.NUPROCESS, "nuprocess.NuLaunching")
                .peer("zt-exec", Peer.ZT_EXEC, "ztexec.ZtLaunching")
                .peer("commons-exec", Peer.COMMONS_EXEC, "commonsexec.CommonsExecLaunching");
    }

    static Suite pump() {
        return new Suite(
                "pump",
                "NuProcess's own benchmark: many cat, each echoes 100 writes of 60 000 bytes",
                List.of(
                        pump(10, 20).quick("", "rounds", 10),
                        pump(100, 3).quick("", "rounds", 2),
                        pump(200, 2).quick("", "rounds", 1),
                        pump(500, 1).quick("each cat echoes 40 writes, not 100", "writes", 40)));
    }

    private static Case pump(int processes, int rounds) {
        Candidates candidates = Candidates.of(PumpProgram.class)
                .ours("ours", "ManagedEchoing")
                .jdk("processbuilder", "ProcessBuilderEchoing")
                .peer("nuprocess", Peer.NUPROCESS, "nuprocess.NuEchoing")
                .peer("zt-exec", Peer.ZT_EXEC, "ztexec.ZtEchoing")
                .c("c-epoll", "pump");
        return Case.of(
                "cat-" + processes,
                processes + " at a time, all of them; CPU time of " + rounds + " rounds",
                Unit.MILLISECONDS,
                Params.of("processes", processes, "rounds", rounds),
                candidates.list());
    }

    static Suite exitLatency() {
        String onlyChildren = "watches only its own children";
        return new Suite(
                "exit-latency",
                "from kill -9 of a process until its exit is reported",
                List.of(
                        exitLatency(
                                "child",
                                Candidates.of(ExitLatencyProgram.class)
                                        .ours("ours", "ManagedWatching")
                                        .jdk("processbuilder", "ProcessBuilderWatching")
                                        .jdk("process-handle", "ProcessHandleWatching")
                                        .peer("nuprocess", Peer.NUPROCESS, "nuprocess.NuWatching")),
                        exitLatency(
                                "non-child",
                                Candidates.of(ExitLatencyProgram.class)
                                        .ours("ours", "ManagedWatching")
                                        .absent("processbuilder", onlyChildren)
                                        .jdk("process-handle", "ProcessHandleWatching")
                                        .absent("nuprocess", onlyChildren))));
    }

    private static Case exitLatency(String of, Candidates candidates) {
        String title = of.equals("child") ? "of a child" : "of a process that is not a child";
        return Case.of(of, title, Unit.MICROSECONDS, WARM.with("of", of), candidates.list())
                .measureTime(MeasureTime.OF_LAUNCHES);
    }

    static Suite list() {
        Candidates candidates = Candidates.of(ListProgram.class)
                .ours("ours", "MonitorListing")
                .peer("oshi", Peer.OSHI, "oshi.OshiListing")
                .jdk("ps", "PsListing");
        return new Suite(
                "list",
                "all processes of the system, with the columns of a process table",
                List.of(Case.of(
                                "all-500",
                                "with 500 waiting processes",
                                Unit.MILLISECONDS,
                                Params.of("processes", 500),
                                candidates.list())
                        .quick("100 waiting processes, not 500", "processes", 100)));
    }
}
