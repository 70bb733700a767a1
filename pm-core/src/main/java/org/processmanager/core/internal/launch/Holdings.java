package org.processmanager.core.internal.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * The resources that this JVM still holds for a child.
 *
 * @param running whether the child has not exited
 * @param zombie whether the child has exited and is not reaped
 * @param descriptors descriptions of the open descriptors
 * @param pumps descriptions of the streams that are still being read, written or delivered
 */
public record Holdings(boolean running, boolean zombie, List<String> descriptors, List<String> pumps) {
    /** Collects the descriptions. */
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
