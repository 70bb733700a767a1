package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.processmanager.benchmarks.report.CaseReport;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Case;
import org.processmanager.benchmarks.suite.Suite;

/** Runs cases sequentially. */
public final class Comparison {
    private final Commands commands;
    private final Progress progress;
    private final Placement placement = new Placement();
    private final Extent extent;

    public Comparison(Commands commands, Progress progress, Extent extent) {
        this.commands = commands;
        this.progress = progress;
        this.extent = extent;
    }

    /**
     * Runs one case.
     *
     * @param chosen accepts the names of the candidates to run
     */
    public CaseReport run(Suite suite, Case theCase, Predicate<String> chosen) throws InterruptedException {
        List<String> remarks = new ArrayList<>();
        List<Candidate.Runs> present = new ArrayList<>();
        for (Candidate candidate : theCase.candidates()) {
            if (!chosen.test(candidate.name())) {
                continue;
            }
            if (candidate instanceof Candidate.Runs runs) {
                present.add(runs);
            } else if (candidate instanceof Candidate.Absent absent) {
                remarks.add(absent.name() + ": " + absent.reason());
            }
        }
        progress.preparing(suite.name() + " " + theCase.name());
        Map<String, String> missing = new LinkedHashMap<>();
        List<Candidate.Runs> ready = prepared(present, missing);
        return new CaseRun(suite, theCase, ready, commands, placement::probe, progress, extent).run(remarks, missing);
    }

    /** Returns the candidates that are available, and adds the others with the reason to {@code missing}. */
    private List<Candidate.Runs> prepared(List<Candidate.Runs> candidates, Map<String, String> missing) {
        boolean allPeers = preparePeers(candidates);
        List<Candidate.Runs> ready = new ArrayList<>();
        for (Candidate.Runs candidate : candidates) {
            try {
                if (!allPeers) {
                    commands.preparePeers(List.of(candidate));
                }
                commands.prepare(candidate.program());
                ready.add(candidate);
            } catch (IOException | UnavailableException e) {
                missing.put(candidate.name(), e.getMessage());
                progress.isUnavailable(candidate.name(), e.getMessage());
            }
        }
        return ready;
    }

    private boolean preparePeers(List<Candidate.Runs> candidates) {
        try {
            commands.preparePeers(candidates);
            return true;
        } catch (IOException | UnavailableException e) {
            return false; // preparing them one by one finds the unavailable ones
        }
    }
}
