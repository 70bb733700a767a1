package org.processmanager.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Unit;

/** Computes the rows of a case from its runs. */
public final class Figures {
    private static final int SAMPLES_FOR_P99 = 100;

    private final String suite;
    private final String caseName;
    private final Unit unit;

    public Figures(String suite, String caseName, Unit unit) {
        this.suite = suite;
        this.caseName = caseName;
        this.unit = unit;
    }

    /** Returns one row for each candidate and placement, candidates in the order of their first runs. */
    public List<Row> rows(List<Run> runs) {
        Map<String, Boolean> verified = new LinkedHashMap<>();
        runs.forEach(run -> verified.merge(run.candidate(), run.isVerified(), Boolean::logicalAnd));
        List<Row> rows = new ArrayList<>();
        for (String candidate : verified.keySet()) {
            Map<String, List<Run>> byTag = runs.stream()
                    .filter(run -> run.candidate().equals(candidate))
                    .collect(Collectors.groupingBy(Run::tag, TreeMap::new, Collectors.toList()));
            byTag.values().forEach(ofTag -> rows.add(row(ofTag, verified.get(candidate))));
        }
        return rows.stream().map(row -> row.withAdvantage(advantage(row, rows))).toList();
    }

    private Row row(List<Run> runs, boolean verified) {
        Pool pool = bestVariant(runs);
        return new Row(
                suite,
                caseName,
                runs.get(0).candidate(),
                runs.get(0).tag(),
                pool.median(),
                pool.min(),
                pool.mean(),
                unit.moreIsBetter() || pool.samples() < SAMPLES_FOR_P99 ? Double.NaN : pool.quantile(0.99),
                pool.samples(),
                unit,
                Double.NaN,
                pool.medianOfForks(Result::cpuSeconds),
                pool.medianOfForks(Result::peakRssBytes),
                pool.medianOfForks(Result::threads),
                pool.medianOfForks(Result::allocatedBytesPerOp),
                pool.leastOfForks(Result::smallestShare),
                verified,
                pool.variant());
    }

    /** Returns the variant with the better median. */
    private Pool bestVariant(List<Run> runs) {
        Map<String, List<Result>> byVariant = runs.stream()
                .flatMap(run -> run.results().stream())
                .collect(Collectors.groupingBy(Result::variant, LinkedHashMap::new, Collectors.toList()));
        Comparator<Pool> byMedian = Comparator.comparingDouble(Pool::median);
        return byVariant.entrySet().stream()
                .map(variant -> new Pool(variant.getKey(), variant.getValue()))
                .min(unit.moreIsBetter() ? byMedian.reversed() : byMedian)
                .orElse(new Pool("", List.of()));
    }

    private double advantage(Row row, List<Row> all) {
        OptionalDouble ours = all.stream()
                .filter(other ->
                        other.candidate().equals(Candidate.OURS) && other.tag().equals(row.tag()))
                .filter(Row::verified)
                .mapToDouble(Row::median)
                .findFirst();
        return ours.isPresent() && row.verified() ? unit.advantage(ours.getAsDouble(), row.median()) : Double.NaN;
    }
}
