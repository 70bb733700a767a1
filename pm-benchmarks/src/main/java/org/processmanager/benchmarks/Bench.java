package org.processmanager.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.report.Format;
import org.processmanager.benchmarks.report.Machine;
import org.processmanager.benchmarks.report.Report;
import org.processmanager.benchmarks.report.Row;
import org.processmanager.benchmarks.runner.Commands;
import org.processmanager.benchmarks.runner.Comparison;
import org.processmanager.benchmarks.runner.Footnotes;
import org.processmanager.benchmarks.runner.Home;
import org.processmanager.benchmarks.runner.Limits;
import org.processmanager.benchmarks.runner.Progress;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Suite;
import org.processmanager.benchmarks.suite.Suites;
import org.processmanager.benchmarks.trace.LaunchTrace;

/** The command line of the benchmarks, {@code ./pm bench}: comparisons with peers, and JMH. The report goes to standard output. */
public final class Bench {
    private static final int OK = 0;
    private static final int NOTHING_VERIFIED = 1;
    private static final int WRONG_USAGE = 2;
    private static final String USAGE = """
            usage: pm bench --list                  suites, their cases, the candidates of each
                   pm bench SUITE [OPTION]...       run a suite; "all" for all of them
                     --case CASE                    only this case; may be repeated
                     --candidate CANDIDATE          only this candidate; may be repeated
                     --quick                        less than 50 seconds a case
                     -o table|json|html|markdown    what to print; the page is one file, to be redirected
                     --save FOLDER                  also write all of these there, after each case
                   pm bench jmh ARGS...             JMH with its own options, shown by: pm bench jmh -h
                   pm bench trace launch|mutex     types and frames that one warm call passes through; --list shows them
            The report goes to standard output, progress to standard error. Exit code 0: done; candidates that failed, or
            lack something here, are rows that say so; 1: nothing could be verified; 2: wrong usage.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final List<Suite> suites;

    Bench(PrintStream out, PrintStream err, List<Suite> suites) {
        this.out = out;
        this.err = err;
        this.suites = suites;
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(new Bench(out, System.err, Suites.all()).run(args));
    }

    /** Runs one command; returns the exit code. */
    int run(String... args) throws Exception {
        String command = args.length == 0 ? "" : args[0];
        try {
            switch (command) {
                case "" -> throw new UsageException("");
                case "--help", "-h" -> out.print(USAGE);
                case "--list" -> list();
                case "trace" -> LaunchTrace.main(Arrays.copyOfRange(args, 1, args.length));
                case "jmh" -> org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
                default -> {
                    if (List.of(args).contains("--help")) {
                        out.print(USAGE);
                        return OK;
                    }
                    return compare(Options.parse(List.of(args), suites), args);
                }
            }
            return OK;
        } catch (UsageException e) {
            err.print(e.getMessage().isEmpty() ? USAGE : "pm bench: " + e.getMessage() + "\n");
            return WRONG_USAGE;
        }
    }

    private void list() {
        for (Suite suite : suites) {
            out.println(suite.name() + ": " + suite.title());
            for (Case each : suite.cases()) {
                String names = each.candidates().stream().map(Candidate::name).collect(Collectors.joining(" "));
                out.printf("  %-24s %s%n", each.name(), names);
            }
        }
    }

    private int compare(Options options, String... args) throws Exception {
        Home home = Home.find();
        Commands commands = new Commands(home);
        List<Report.Fact> machine = Machine.facts();
        List<String> footnotes = new ArrayList<>(footnotes(options, home));
        if (options.suites().stream().anyMatch(Suite::isAboutMessages)) {
            footnotes.add(Limits.copying(commands));
        }
        String command = "./pm bench " + String.join(" ", args);
        Comparison comparison = new Comparison(commands, new Progress(err), options.quick());
        List<CaseReport> done = new ArrayList<>();
        for (Suite suite : options.suites()) {
            for (Case each : options.casesOf(suite)) {
                done.add(comparison.run(suite, each, options::isChosen));
                if (options.folder().isPresent()) { // a run that is broken off leaves what it has
                    save(
                            new Report(command, machine, done, footnotes),
                            options.folder().get());
                }
            }
        }
        Report report = new Report(command, machine, done, footnotes);
        out.print(options.format().render(report));
        out.flush();
        boolean any = report.rows().isEmpty() || report.rows().stream().anyMatch(Row::verified);
        return any ? OK : NOTHING_VERIFIED;
    }

    private static void save(Report report, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Format format : Format.values()) {
            Files.writeString(folder.resolve("report." + format.ending()), format.render(report));
        }
    }

    private static List<String> footnotes(Options options, Home home) {
        List<Candidate> candidates = options.suites().stream()
                .flatMap(suite -> options.casesOf(suite).stream())
                .flatMap(each -> each.candidates().stream())
                .filter(candidate -> options.isChosen(candidate.name()))
                .toList();
        return Footnotes.of(home, candidates);
    }
}
