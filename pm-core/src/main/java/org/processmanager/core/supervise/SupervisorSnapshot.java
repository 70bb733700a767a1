package org.processmanager.core.supervise;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.processmanager.core.event.ChildState;

/**
 * A supervisor at a moment. Immutable.
 *
 * @param ended whether it has ended: no child runs, and none is started again
 * @param gaveUp why it gave up, if a child had more restarts than its limit
 * @param children its children in the order in which they are started
 */
public record SupervisorSnapshot(boolean ended, Optional<String> gaveUp, List<ChildSnapshot> children) {
    /**
     * Creates the snapshot; the list is copied.
     *
     * @param ended whether it has ended
     * @param gaveUp why it gave up
     * @param children its children
     */
    public SupervisorSnapshot {
        children = List.copyOf(children);
    }

    /**
     * Returns a child.
     *
     * @param name its name
     * @return the child
     * @throws NoSuchElementException if there is no such child
     */
    public ChildSnapshot child(String name) {
        return children.stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no child is named " + name + " (expected: one of "
                        + String.join(
                                ", ", children.stream().map(ChildSnapshot::name).toList()) + ")"));
    }

    /**
     * Returns whether all children are ready.
     *
     * @return true if each one is running, or has completed
     */
    public boolean isReady() {
        return children.stream()
                .allMatch(child -> child.state() == ChildState.RUNNING || child.state() == ChildState.COMPLETED);
    }
}
