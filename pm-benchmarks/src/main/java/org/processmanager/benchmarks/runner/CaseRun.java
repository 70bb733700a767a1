package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Rounds;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.report.Figures;
import org.processmanager.benchmarks.report.Run;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Suite;

/**
 * Runs the candidates of one case in turn, A B C A B C ..., so that a change of the machine affects all of them. A
 * candidate that failed is not run again.
 */
final class CaseRun {
    private final Suite suite;
    private final Case theCase;
    private final List<Candidate.Runs> candidates;
    private final Commands commands;
    private final Supplier<String> placement;
    private final Progress progress;
    private final boolean quick;
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
            Extent extent) {
        this.suite = suite;
        this.theCase = theCase;
        this.candidates = candidates;
        this.commands = commands;
        this.placement = placement;
        this.progress = progress;
        this.quick = extent.quick();
        this.budget = new Budget(
                extent,
                theCase.measureTime(),
                candidates.size(),
                theCase.forks() == Case.Forks.SIDE_BY_SIDE,
                System::nanoTime);
    }

    /** @param missing unavailable candidates with the reason; each gets a row that is not verified */
    CaseReport run(List<String> remarks, Map<String, String> missing) throws InterruptedException {
        progress.caseStarts(suite.name(), theCase.name(), candidates.size(), budget.rounds());
        switch (theCase.forks()) {
            case IN_TURN -> rounds(this::runInTurn);
            case OVERLAPPING -> runOverlapping();
            case SIDE_BY_SIDE -> rounds(this::runSideBySide);
            case STAYING -> runStaying();
        }
        List<String> all = new ArrayList<>(remarks);
        if (quick && !theCase.quickly().isEmpty()) {
            all.add("a quick run: " + theCase.quickly());
        }
        missing.forEach((name, reason) -> all.add(name + " is not available: " + reason));
        all.addAll(remarksOfRuns());
        missing.forEach((name, reason) -> runs.add(new Run(name, placement.get(), List.of(), List.of(), reason)));
        return new CaseReport(
                suite.name(),
                suite.title(),
                theCase.name(),
                theCase.title(),
                theCase.unit().symbol(),
                new Figures(suite.name(), theCase.name(), theCase.unit()).rows(runs),
                all);
    }

    private interface Round {
        void run(int round) throws InterruptedException;
    }

    private void rounds(Round each) throws InterruptedException {
        for (int round = 0; budget.hasRound(round) && failed.size() < candidates.size(); round++) {
            each.run(round);
        }
    }

    private void runInTurn(int round) throws InterruptedException {
        for (Candidate.Runs candidate : candidates) {
            runAlone(round, candidate, Fork::await, Fork::close);
        }
    }

    /** At most one fork exits while another one prepares. */
    private void runOverlapping() throws InterruptedException {
        AtomicReference<CompletableFuture<?>> end = new AtomicReference<>(CompletableFuture.completedFuture(null));
        try {
            rounds(round -> {
                for (Candidate.Runs candidate : candidates) {
                    runAlone(round, candidate, Fork::awaitVerified, fork -> {
                        end.get().join();
                        end.set(CompletableFuture.runAsync(fork::close));
                    });
                }
            });
        } finally {
            end.get().join();
        }
    }

    private void runStaying() throws InterruptedException {
        Map<Candidate.Runs, Fork> forks = new LinkedHashMap<>();
        try {
            for (Candidate.Runs candidate : candidates) {
                prepare(candidate, forks);
            }
            rounds(round -> {
                for (Map.Entry<Candidate.Runs, Fork> fork : forks.entrySet()) {
                    runAgain(round, fork.getKey(), fork.getValue());
                }
            });
        } finally {
            forks.values().forEach(Fork::close);
        }
    }

    private void prepare(Candidate.Runs candidate, Map<Candidate.Runs, Fork> forks) throws InterruptedException {
        try {
            double start = budget.elapsedMillis();
            Fork fork = start(candidate, budget.millis(toCome(0, candidate)), true);
            forks.put(candidate, fork);
            ForkOutcome outcome = fork.awaitReady(budget.preparationTimeout());
            if (outcome.isVerified()) {
                budget.prepared(budget.elapsedMillis() - start);
                progress.forkReady(candidate.name(), budget.elapsedMillis());
            } else {
                ended(0, candidate, placement.get(), outcome);
            }
        } catch (IOException | UnavailableException e) {
            ended(0, candidate, placement.get(), ForkOutcome.failed(e.getMessage()));
        }
    }

    private void runAgain(int round, Candidate.Runs candidate, Fork fork) throws InterruptedException {
        if (failed.contains(candidate.name())) {
            return;
        }
        String tag = placement.get();
        int toCome = toCome(round, candidate);
        int millis = budget.millis(toCome);
        double start = budget.elapsedMillis();
        ended(round, candidate, tag, fork.round(millis, budget.timeout(candidate.name(), millis, toCome)));
        took(candidate, start, millis);
    }

    private interface Await {
        ForkOutcome of(Fork fork, Duration timeout) throws InterruptedException;
    }

    private void runAlone(int round, Candidate.Runs candidate, Await await, Consumer<Fork> end)
            throws InterruptedException {
        if (failed.contains(candidate.name())) {
            return;
        }
        String tag = placement.get();
        int toCome = toCome(round, candidate);
        int millis = budget.millis(toCome);
        Duration timeout = budget.timeout(candidate.name(), millis, toCome);
        double start = budget.elapsedMillis();
        Fork fork;
        try {
            fork = start(candidate, millis, false);
        } catch (IOException | UnavailableException e) {
            ended(round, candidate, tag, ForkOutcome.failed(e.getMessage()));
            return;
        }
        try {
            ended(round, candidate, tag, await.of(fork, timeout));
            took(candidate, start, millis);
        } finally {
            end.accept(fork);
        }
    }

    private void runSideBySide(int round) throws InterruptedException {
        String tag = placement.get();
        int toCome = 1 + budget.roundsAfter(round);
        int millis = budget.millis(toCome);
        Map<Candidate.Runs, Fork> forks = new LinkedHashMap<>();
        try {
            for (Candidate.Runs candidate : candidates) {
                try {
                    if (!failed.contains(candidate.name())) {
                        forks.put(candidate, start(candidate, millis, false));
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
                        started.getValue().await(budget.timeout(started.getKey().name(), millis, toCome)));
            }
        } finally {
            forks.values().forEach(Fork::close);
        }
    }

    /** Returns the number of forks that are still to run, from this one on, in the minimum number of rounds. */
    private int toCome(int round, Candidate.Runs from) {
        long inThisRound = candidates.stream()
                .skip(candidates.indexOf(from))
                .filter(each -> !failed.contains(each.name()))
                .count();
        return (int) inThisRound + budget.roundsAfter(round) * (candidates.size() - failed.size());
    }

    /** Records the time of a fork; a failed candidate needs none any longer. */
    private void took(Candidate.Runs candidate, double startMillis, int measuredMillis) {
        if (!failed.contains(candidate.name())) {
            budget.took(candidate.name(), budget.elapsedMillis() - startMillis, measuredMillis);
        }
    }

    private Fork start(Candidate.Runs candidate, int millis, boolean stays) throws IOException, UnavailableException {
        Params params =
                theCase.params().with(quick ? theCase.quick() : Params.of()).with("millis", millis);
        Params all = stays ? params.with(Rounds.STAYS, 1) : params;
        Fork.CommandOf command =
                scratch -> commands.command(candidate.program(), theCase.flags(), all.with("scratch", scratch));
        return stays ? Fork.startStaying(command) : Fork.start(command);
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
