package org.processmanager.benchmarks.trace;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures what the first call of a fresh JVM costs: the classes that the JVM has loaded when the call returns, and the CPU
 * time of the JVM from its start to its exit.
 *
 * <p>Classes are counted in the JVM's log of loaded classes, in a run of its own, since the log takes CPU time.
 */
public final class FirstUse {
    public static final int FORKS = 7;
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, fixed on Linux
    private static final int CHILDREN_USER = 13; // cutime and cstime of proc(5), counted from the state
    private static final int CHILDREN_SYSTEM = 14;

    /** What the fresh JVM calls; the name is also the argument of {@link FirstUseProgram}. */
    private enum Call {
        NOTHING("nothing"),
        PROCESS_BUILDER("process-builder"),
        RUN("run"),
        RUN_PORTABLE("run", "-Dorg.processmanager.native=off"),
        MUTEX("mutex");

        private final String argument;
        private final List<String> flags;

        Call(String argument, String... flags) {
            this.argument = argument;
            this.flags = List.of(flags);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private FirstUse() {}

    /**
     * Measures every call in turn and prints the table.
     *
     * @param args the number of JVMs for each call; 7 if there is none
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(args.length == 0 ? FORKS : Integer.parseInt(args[0]), System.out);
    }

    /** Measures every call in turn, in as many JVMs, and prints the table. */
    public static void run(int forks, PrintStream out) throws IOException, InterruptedException {
        List<List<Double>> seconds = new ArrayList<>();
        for (Call ignored : Call.values()) {
            seconds.add(new ArrayList<>());
        }
        for (int i = 0; i < forks; i++) { // in turn, so that a change of the machine's load affects all
            for (Call call : Call.values()) {
                seconds.get(call.ordinal()).add(run(call, List.of()));
            }
        }
        out.printf("%-16s %8s %22s%n", "first call", "classes", "CPU s: median (min)");
        for (Call call : Call.values()) {
            List<Double> sorted = seconds.get(call.ordinal()).stream().sorted().toList();
            out.printf(
                    Locale.ROOT,
                    "%-16s %8d %15.2f (%.2f)%n",
                    call,
                    classes(call),
                    sorted.get(forks / 2),
                    sorted.get(0));
        }
    }

    private static long classes(Call call) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("pm-first-use");
        Path log = directory.resolve("classes");
        try {
            run(call, List.of("-Xlog:class+load:file=" + log + ":none"));
            try (Stream<String> lines = Files.lines(log)) {
                return lines.takeWhile(line -> !line.startsWith(FirstUseProgram.Done.class.getName()))
                        .filter(line -> line.contains(" source: "))
                        .count();
            }
        } finally {
            Files.deleteIfExists(log);
            Files.delete(directory);
        }
    }

    /** Returns the CPU time of the JVM in seconds, from its start to its exit, with that of its own children. */
    private static double run(Call call, List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(call.flags);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), FirstUseProgram.class.getName(), call.argument));
        long before = ticksOfChildren();
        Process process = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "the JVM for '" + call + "' failed; run this to see why: " + String.join(" ", command));
        }
        return (ticksOfChildren() - before) / TICKS_PER_SECOND;
    }

    /** Returns the CPU time of the reaped children of this JVM. */
    private static long ticksOfChildren() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]);
    }
}
