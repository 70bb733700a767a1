package org.processmanager.examples.process;

import org.processmanager.core.Command;
import org.processmanager.core.PipelineResult;

/** Connects programs by pipes, as a shell does with {@code sort | uniq -c | sort -rn}, without one. */
public final class PipelineExample {
    private PipelineExample() {}

    public static void main(String[] args) throws InterruptedException {
        PipelineResult result = Command.of("sort")
                .stdin("pear\napple\npear\nplum\npear\napple\n")
                .pipeTo(Command.of("uniq", "-c"))
                .pipeTo(Command.of("sort", "-rn"))
                .run(); // throws if any of them failed
        result.stdoutLines().forEach(line -> System.out.println(line.strip()));
    }
}
