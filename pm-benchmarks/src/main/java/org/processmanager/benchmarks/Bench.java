package org.processmanager.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.report.Format;
import org.processmanager.benchmarks.report.Machine;
import org.processmanager.benchmarks.report.Report;
import org.processmanager.benchmarks.report.Row;
import org.processmanager.benchmarks.report.Warnings;
import org.processmanager.benchmarks.runner.Commands;
import org.processmanager.benchmarks.runner.Comparison;
import org.processmanager.benchmarks.runner.Extent;
import org.processmanager.benchmarks.runner.Footnotes;
import org.processmanager.benchmarks.runner.Home;
import org.processmanager.benchmarks.runner.Limits;
import org.processmanager.benchmarks.runner.Progress;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Suite;
import org.processmanager.benchmarks.suite.Suites;
import org.processmanager.benchmarks.trace.FirstUse;
import org.processmanager.benchmarks.trace.LaunchTrace;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of the benchmarks, {@code ./pm bench}. The report goes to standard output, progress to standard error. */
@Command(
        name = "pm bench",
        description = "Compares this library with its peers. The report goes to standard output, progress to standard"
                + " error.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; a candidate that failed or is not available here has a row that says so",
            "1:no work could be verified",
            "2:wrong usage"
        },
        commandListHeading = "%nCommands:%n",
        subcommands = {Bench.Jmh.class, Bench.Trace.class, Bench.First.class})
public final class Bench implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NOTHING_VERIFIED = 1;

    @Parameters(
            arity = "0..1",
            paramLabel = "SUITE",
            description = "the suite to run, or 'all'; --list shows the suites")
    private String suite = "";

    @Option(names = "--list", description = "list the suites, their cases and the candidates of each case")
    private boolean list;

    @Option(names = "--case", paramLabel = "CASE", description = "run only this case; may be repeated")
    private List<String> cases = List.of();

    @Option(names = "--candidate", paramLabel = "CANDIDATE", description = "run only this candidate; may be repeated")
    private List<String> candidates = List.of();

    @Option(names = "--quick", description = "take less than 50 seconds for each case")
    private boolean quick;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "format of the report: ${COMPLETION-CANDIDATES}; html is one page to redirect into a file")
    private Format format = Format.TABLE;

    @Option(
            names = "--save",
            paramLabel = "DIRECTORY",
            description = "also write the report in all formats to this directory, after each case")
    private Path directory;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final List<Suite> suites;

    private Bench(List<Suite> suites) {
        this.suites = suites;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(out, System.err, Suites.all(), args));
    }

    /** Runs one command and returns its exit code. */
    static int run(PrintStream out, PrintStream err, List<Suite> suites, String... args) {
        CommandLine line = new CommandLine(new Bench(suites))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Bench::refuse);
        line.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
        return line.execute(args);
    }

    /** JMH, which parses its arguments itself. */
    @Command(name = "jmh", description = "run the JMH benchmarks; 'pm bench jmh -h' shows the options")
    static final class Jmh implements Callable<Integer> {
        @Parameters(paramLabel = "ARGS", arity = "0..*", description = "arguments of JMH")
        private List<String> args = List.of();

        @Override
        public Integer call() throws IOException {
            org.openjdk.jmh.Main.main(args.toArray(new String[0]));
            return OK;
        }
    }

    /** See {@link LaunchTrace}. */
    @Command(name = "trace", description = "count the types and stack frames of one warm call")
    static final class Trace implements Callable<Integer> {
        @Parameters(paramLabel = "CALL", description = "the call to trace: ${COMPLETION-CANDIDATES}")
        private LaunchTrace.Call traced;

        @Option(names = "--list", description = "also print the types and the deepest stack")
        private boolean list;

        @Override
        public Integer call() throws Exception {
            LaunchTrace.run(traced, list, System.out);
            return OK;
        }
    }

    /** See {@link FirstUse}. */
    @Command(name = "first-use", description = "measure the classes and the CPU time of the first call of a fresh JVM")
    static final class First implements Callable<Integer> {
        @Option(names = "--forks", paramLabel = "N", description = "JVMs for each call; default: ${DEFAULT-VALUE}")
        private int forks = FirstUse.FORKS;

        @Override
        public Integer call() throws Exception {
            FirstUse.run(forks, System.out);
            return OK;
        }
    }

    /** Reports a wrong command line in one line; the usage if there are no arguments at all. */
    private static int refuse(ParameterException e, String... args) {
        PrintWriter err = e.getCommandLine().getErr();
        if (args.length == 0) {
            e.getCommandLine().usage(err);
        } else {
            List<String> near =
                    e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
            String hint = near.isEmpty() ? "" : " (did you mean " + String.join(" or ", near) + "?)";
            String line = "pm bench: " + e.getMessage() + hint;
            err.println(line.replaceAll("\\p{Cc}", "?")); // what a terminal would execute
        }
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public Integer call() throws Exception {
        if (list) {
            list();
            return OK;
        }
        if (suite.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "missing SUITE; see --list");
        }
        return compare(select());
    }

    private Selection select() {
        try {
            return Selection.of(suite, cases, candidates, suites);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void list() {
        PrintWriter out = spec.commandLine().getOut();
        for (Suite each : suites) {
            out.println(each.name() + ": " + each.title());
            for (Case one : each.cases()) {
                String names = one.candidates().stream().map(Candidate::name).collect(Collectors.joining(" "));
                out.printf("  %-24s %s%n", one.name(), names);
            }
        }
        out.flush();
    }

    private int compare(Selection selection) throws IOException, InterruptedException {
        CommandLine line = spec.commandLine();
        Home home = Home.find();
        Commands commands = new Commands(home);
        List<Report.Fact> machine = Machine.facts();
        List<String> footnotes = new ArrayList<>(Footnotes.of(home, selection.includedCandidates()));
        if (selection.suites().stream().anyMatch(Suite::isAboutMessages)) {
            footnotes.add(Limits.copying(commands));
        }
        String command = "./pm bench " + String.join(" ", line.getParseResult().originalArgs());
        Comparison comparison =
                new Comparison(commands, new Progress(line.getErr()), quick ? Extent.QUICK : Extent.FULL);
        List<CaseReport> done = new ArrayList<>();
        for (Suite each : selection.suites()) {
            for (Case one : selection.casesOf(each)) {
                double before = Machine.busyShare();
                CaseReport measured = comparison.run(each, one, selection::includes);
                done.add(measured.withRemarks(
                        Warnings.withLoad(measured.remarks(), Math.max(before, Machine.busyShare()))));
                if (directory != null) { // an aborted run keeps the cases that it finished
                    save(new Report(command, machine, done, footnotes));
                }
            }
        }
        Report report = new Report(command, machine, done, footnotes);
        line.getOut().print(format.render(report));
        line.getOut().flush();
        boolean any = report.rows().isEmpty() || report.rows().stream().anyMatch(Row::verified);
        return any ? OK : NOTHING_VERIFIED;
    }

    private void save(Report report) throws IOException {
        Files.createDirectories(directory);
        for (Format each : Format.values()) {
            Files.writeString(directory.resolve("report." + each.ending()), each.render(report));
        }
    }
}
