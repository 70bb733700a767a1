package org.processmanager.examples.app.menu;

import java.util.List;
import java.util.Objects;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.core.thread.TerminationReport;
import org.processmanager.core.thread.ThreadSnapshot;

/** The commands of a managed child on its threads. */
final class ChildThreads {
    private final ManagedThreads threads;

    ChildThreads(ManagedThreads threads) {
        this.threads = threads;
    }

    /** Executes a command, and returns the reply, which may be a refusal. */
    ChildMessage answer(ChildMessage command) throws InterruptedException {
        try {
            return new ChildMessage(command.number(), ChildMessage.OK, execute(command));
        } catch (IllegalArgumentException e) {
            String reason = Objects.requireNonNullElse(e.getMessage(), e.toString());
            return ChildMessage.of(command.number(), ChildMessage.REFUSED, reason);
        }
    }

    private List<List<String>> execute(ChildMessage command) throws InterruptedException {
        switch (command.word()) {
            case ChildMessage.CREATE:
                ThreadSnapshot started = Ticker.start(threads, command.field()).snapshot();
                return List.of(List.of(ThreadText.started(started)));
            case ChildMessage.LIST:
                return threads.list().stream().map(ThreadText::row).toList();
            case ChildMessage.STOP:
                TerminationReport report =
                        ThreadEntries.find(threads, command.field()).terminate(ThreadEntries.TERMINATE_BOUND);
                return ThreadText.ended(report).lines().map(List::of).toList();
            case ChildMessage.EXIT:
                return List.of();
            default:
                throw new IllegalArgumentException(
                        "command: " + command.word() + " (expected: create, list, stop, exit)");
        }
    }
}
