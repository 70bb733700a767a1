package org.processmanager.benchmarks.suite;

import java.util.List;
import java.util.Optional;

/** Cases about one subject. */
public record Suite(String name, String title, List<Case> cases) {
    public Optional<Case> find(String caseName) {
        return cases.stream().filter(each -> each.name().equals(caseName)).findFirst();
    }
}
