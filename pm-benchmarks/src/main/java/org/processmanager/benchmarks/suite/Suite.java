package org.processmanager.benchmarks.suite;

import java.util.List;

/** The cases about one subject. */
public record Suite(String name, String title, List<Case> cases) {
    /** Returns whether its candidates carry bytes from one processor to another. */
    public boolean isAboutMessages() {
        return cases.stream()
                .anyMatch(each -> each.params().has("capacity") && each.params().has("mode"));
    }
}
