package org.processmanager.core.internal.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * What this JVM still holds for a child.
 *
 * @param running whether the child has not exited
 * @param zombie whether it has, and is not reaped
 * @param descriptors what is open for it
 * @param pumps what is still being read, written or delivered
 */
public record Holdings(boolean running, boolean zombie, List<String> descriptors, List<String> pumps) {
    /** Collects them. */
    public static final class Listing {
        private final List<String> descriptors = new ArrayList<>();
        private final List<String> pumps = new ArrayList<>();

        public void descriptor(int fd, String purpose) {
            descriptors.add("descriptor " + fd + ", " + purpose);
        }

        public void pump(String stream) {
            pumps.add(stream);
        }

        public Holdings of(boolean running, boolean zombie) {
            return new Holdings(running, zombie, List.copyOf(descriptors), List.copyOf(pumps));
        }
    }
}
