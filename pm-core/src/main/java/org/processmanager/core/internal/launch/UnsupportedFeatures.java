package org.processmanager.core.internal.launch;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.Placement;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.Spawn;

/** Rejects features that only {@code posix_spawn} supports. */
public final class UnsupportedFeatures {
    private UnsupportedFeatures() {}

    /**
     * Rejects unsupported attributes of a command, by the names of the methods that set them.
     *
     * @throws UnsupportedOperationException if it asks for anything that {@link ProcessBuilder} cannot do
     */
    public static void refuse(LaunchSpec spec) {
        List<String> names = new ArrayList<>();
        add(names, "argv0", spec.argv0() != null);
        add(names, "stdin from a descriptor", spec.stdin() instanceof InputSpec.FromResource);
        add(names, "limits", !spec.limits().isEmpty());
        add(names, "umask", spec.umask() != null);
        add(names, "nice", spec.nice() != null);
        add(names, "ioNice", spec.ioPriority() != null);
        add(names, "affinity", !spec.cpus().isEmpty());
        add(names, "user", spec.user() != null);
        add(names, "group", spec.group() != null);
        add(names, "supplementaryGroups", spec.supplementaryGroups() != null);
        add(names, "cgroup", spec.cgroup() != null);
        add(names, "processGroup", spec.placement() == Placement.OWN_GROUP);
        add(names, "newSession", spec.placement() == Placement.OWN_SESSION);
        add(names, "dieWithParent", spec.dieWithParent());
        if (!names.isEmpty()) {
            refuse(String.join(", ", names));
        }
    }

    /** @throws UnsupportedOperationException that names the requested features and the reason why they are unavailable */
    public static void refuse(String what) {
        String reason = NativeLayer.available() ? Spawn.unavailableReason() : NativeLayer.unavailableReason();
        throw new UnsupportedOperationException(what + " cannot be had from ProcessBuilder, and the native layer "
                + (reason == null ? "was not asked to start this process" : "is not available: " + reason));
    }

    private static void add(List<String> names, String name, boolean isSet) {
        if (isSet) {
            names.add(name);
        }
    }
}
