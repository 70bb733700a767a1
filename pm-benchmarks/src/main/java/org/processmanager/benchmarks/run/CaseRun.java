package org.processmanager.benchmarks.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.report.Figures;
import org.processmanager.benchmarks.report.Run;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Suite;

/**
 * Runs the candidates of one case in turn, A B C A B C ..., so that what changes on the machine meanwhile meets all of them. A
 * candidate that failed is not run again.
 */
final class CaseRun {
    private final Suite suite;
    private final Case theCase;
    private final List<Candidate.Runs> candidates;
    private final Commands commands;
    private final Supplier<String> placement;
    private final Progress progress;
    private final Budget budget;
    private final List<Run> runs = new ArrayList<>();
    private final Set<String> failed = new HashSet<>();

    CaseRun(
            Suite suite,
            Case theCase,
            List<Candidate.Runs> candidates,
            Commands commands,
            Supplier<String> placement,
            Progress progress,
            boolean quick) {
        this.suite = suite;
        this.theCase = theCase;
        this.candidates = candidates;
        this.commands = commands;
        this.placement = placement;
        this.progress = progress;
        this.budget = new Budget(quick, theCase.span(), candidates.size(), theCase.sideBySide(), System::nanoTime);
    }

    CaseReport run(List<String> remarks) throws InterruptedException {
        progress.caseStarts(suite.name(), theCase.name(), candidates.size(), budget.rounds());
        for (int round = 0; budget.hasRound(round) && failed.size() < candidates.size(); round++) {
            if (theCase.sideBySide()) {
                runSideBySide(round);
            } else {
                for (Candidate.Runs candidate : candidates) {
                    runAlone(round, candidate);
                }
            }
        }
        List<String> all = new ArrayList<>(remarks);
        all.addAll(remarksOfRuns());
        return new CaseReport(
                suite.name(),
                suite.title(),
                theCase.name(),
                theCase.title(),
                theCase.unit().symbol(),
                new Figures(suite.name(), theCase.name(), theCase.unit()).rows(runs),
                all);
    }

    private void runAlone(int round, Candidate.Runs candidate) throws InterruptedException {
        if (failed.contains(candidate.name())) {
            return;
        }
        String tag = placement.get();
        int millis = budget.millis(runs.size());
        double start = budget.elapsedMillis();
        try (Fork fork = start(candidate, millis)) {
            ended(round, candidate, tag, fork.await(budget.patience(candidate.name(), millis)));
            budget.took(candidate.name(), budget.elapsedMillis() - start, millis);
        } catch (IOException | UnavailableException e) {
            ended(round, candidate, tag, ForkOutcome.failed(e.getMessage()));
        }
    }

    private void runSideBySide(int round) throws InterruptedException {
        String tag = placement.get();
        int millis = budget.millis(runs.size());
        Map<Candidate.Runs, Fork> forks = new LinkedHashMap<>();
        try {
            for (Candidate.Runs candidate : candidates) {
                try {
                    if (!failed.contains(candidate.name())) {
                        forks.put(candidate, start(candidate, millis));
                    }
                } catch (IOException | UnavailableException e) {
                    ended(round, candidate, tag, ForkOutcome.failed(e.getMessage()));
                }
            }
            for (Map.Entry<Candidate.Runs, Fork> started : forks.entrySet()) {
                ended(
                        round,
                        started.getKey(),
                        tag,
                        started.getValue()
                                .await(budget.patience(started.getKey().name(), millis)));
            }
        } finally {
            forks.values().forEach(Fork::close);
        }
    }

    private Fork start(Candidate.Runs candidate, int millis) throws IOException, UnavailableException {
        Fields fields = theCase.fields().with("millis", millis);
        return Fork.start(
                scratch -> commands.command(candidate.program(), theCase.flags(), fields.with("scratch", scratch)));
    }

    private void ended(int round, Candidate.Runs candidate, String tag, ForkOutcome outcome) {
        Run run = new Run(candidate.name(), tag, outcome.results(), outcome.notes(), outcome.failure());
        runs.add(run);
        if (outcome.isVerified()) {
            progress.forkEnded(round + 1, candidate.name(), tag, summary(run), budget.elapsedMillis());
        } else {
            failed.add(candidate.name());
            progress.forkFailed(round + 1, candidate.name(), outcome);
        }
    }

    private String summary(Run run) {
        double median = new Figures(suite.name(), theCase.name(), theCase.unit())
                .rows(List.of(run))
                .get(0)
                .median();
        return String.format(Locale.ROOT, "%.4g %s", median, theCase.unit().symbol());
    }

    private List<String> remarksOfRuns() {
        List<String> remarks = new ArrayList<>();
        for (Run run : runs) {
            if (!run.isVerified()) {
                remarks.add(run.candidate() + " failed: " + run.failure());
            }
        }
        for (Candidate.Runs candidate : candidates) {
            runs.stream()
                    .filter(run -> run.candidate().equals(candidate.name()))
                    .flatMap(run -> run.notes().stream())
                    .reduce((earlier, later) -> later)
                    .ifPresent(note -> remarks.add(candidate.name() + ": " + note));
        }
        return remarks;
    }
}
