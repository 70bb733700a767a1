package org.processmanager.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.processmanager.core.internal.launch.Holdings;

/**
 * The resources that a {@link ProcessManager} still holds, for tests that check that all are released. A snapshot: resources
 * that are about to be released are listed until they are.
 *
 * @param children processes that it started and that have not exited
 * @param zombies processes that have exited and are not reaped yet: their streams are not settled, or a stop is running
 * @param descriptors the open descriptors, with number and purpose; on the portable path those of the JDK are not
 *     listed
 * @param pumps streams that are still read, written, or delivered to a consumer
 * @param adopted processes that are watched
 * @param helpers processes of the manager itself, which exit when it is closed: the guardian of
 *     {@link Command#dieWithParent()}
 */
public record OpenResources(
        List<Long> children,
        List<Long> zombies,
        List<String> descriptors,
        List<String> pumps,
        List<Long> adopted,
        List<Long> helpers) {
    /**
     * Makes the lists unmodifiable.
     *
     * @param children processes that have not exited
     * @param zombies processes that are not reaped
     * @param descriptors the open descriptors
     * @param pumps streams that are still read, written or delivered
     * @param adopted processes that are watched
     * @param helpers processes of the manager itself
     */
    public OpenResources {
        children = List.copyOf(children);
        zombies = List.copyOf(zombies);
        descriptors = List.copyOf(descriptors);
        pumps = List.copyOf(pumps);
        adopted = List.copyOf(adopted);
        helpers = List.copyOf(helpers);
    }

    /**
     * Returns whether nothing is held. Helpers do not count: they exist until the manager is closed.
     *
     * @return true if all lists except the helpers are empty
     */
    public boolean isEmpty() {
        return children.isEmpty() && zombies.isEmpty() && descriptors.isEmpty() && pumps.isEmpty() && adopted.isEmpty();
    }

    static OpenResources of(Collection<ManagedProcess> processes, List<Long> adopted, List<Long> helpers) {
        List<Long> children = new ArrayList<>();
        List<Long> zombies = new ArrayList<>();
        List<String> descriptors = new ArrayList<>();
        List<String> pumps = new ArrayList<>();
        for (ManagedProcess process : processes) {
            Holdings held = process.child().holdings();
            if (held.running()) {
                children.add(process.pid());
            }
            if (held.zombie()) {
                zombies.add(process.pid());
            }
            String whose = " of " + process.name() + " [" + process.pid() + "]";
            held.descriptors().forEach(descriptor -> descriptors.add(descriptor + whose));
            held.pumps().forEach(pump -> pumps.add(pump + whose));
        }
        return new OpenResources(children, zombies, descriptors, pumps, adopted, helpers);
    }
}
