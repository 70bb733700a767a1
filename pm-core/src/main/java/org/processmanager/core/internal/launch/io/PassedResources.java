package org.processmanager.core.internal.launch.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Inheritable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.LaunchException.Reason;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;

/**
 * The resources of one launch that its child inherits: descriptors, and the environment variables that announce them. Either
 * all are open, or an exception was thrown and none is.
 */
public final class PassedResources {
    /** The prefix of the variables that announce resources. */
    public static final String PREFIX = "PM_RESOURCE_";

    /** The name of a {@link PrivateFile} in the child: its descriptor is the first after the standard streams. */
    public static final String FILE = "/proc/self/fd/3";

    private static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,99}";
    private static final int STANDARD_STREAMS = 3;

    /** Passes nothing and leaves the environment unchanged. */
    public static final PassedResources NONE = new PassedResources(new int[0], 0, EnvironmentSpec.INHERITED);

    private final int[] descriptors;
    private int count;
    private final EnvironmentSpec environment;

    private PassedResources(int[] descriptors, int count, EnvironmentSpec environment) {
        this.descriptors = descriptors;
        this.count = count;
        this.environment = environment;
    }

    /**
     * Returns the name of the variable that announces a resource.
     *
     * @throws IllegalArgumentException if the name of the resource is invalid
     */
    public static String variable(String name) {
        if (!Objects.requireNonNull(name, "name").matches(NAME)) {
            throw new IllegalArgumentException(
                    "name: \"" + name + "\" (expected: a letter, then up to 99 letters, digits and _)");
        }
        return PREFIX + name.toUpperCase(Locale.ROOT);
    }

    /** Opens the resources of a launch. */
    public static PassedResources open(LaunchSpec spec) {
        Map<String, Inheritable> wanted = new TreeMap<>(spec.resources());
        int[] opened = new int[wanted.size() + 1];
        int count = 0;
        EnvironmentSpec environment = spec.environment();
        boolean complete = false;
        try {
            PrivateFile file = spec.argumentFile();
            if (file != null) {
                opened[count++] = file.open();
            }
            for (Map.Entry<String, Inheritable> entry : wanted.entrySet()) {
                Inheritable resource = entry.getValue();
                Optional<Path> named = resource.fileForChild();
                if (named.isPresent()) {
                    environment = environment.with(entry.getKey(), announce(named.get()));
                } else {
                    opened[count] = openForChild(spec, entry.getKey(), resource);
                    environment = environment.with(entry.getKey(), "fd:" + (STANDARD_STREAMS + count));
                    count++;
                }
            }
            complete = true;
            return new PassedResources(opened, count, environment);
        } finally {
            if (!complete) {
                close(opened, count);
            }
        }
    }

    /**
     * Returns the environment of the child for a launcher that cannot pass descriptors.
     *
     * @throws UnsupportedOperationException if something must be passed as a descriptor
     */
    public static EnvironmentSpec byNames(LaunchSpec spec) {
        EnvironmentSpec environment = spec.environment();
        for (Map.Entry<String, Inheritable> entry : spec.resources().entrySet()) {
            Path file = entry.getValue()
                    .fileForChild()
                    .orElseThrow(() -> new UnsupportedOperationException("passing " + entry.getKey() + " to "
                            + spec.name() + " as a descriptor needs the native layer: through ProcessBuilder only"
                            + " files can be passed, by their names"));
            environment = environment.with(entry.getKey(), announce(file));
        }
        return environment;
    }

    /** Returns the environment of the child, which announces the resources. */
    public EnvironmentSpec environment() {
        return environment;
    }

    /** Returns the descriptors of the child by their numbers there: the standard streams, then the passed ones. */
    public int[] after(int[] standard) {
        int[] all = Arrays.copyOf(standard, standard.length + count);
        System.arraycopy(descriptors, 0, all, standard.length, count);
        return all;
    }

    /** Closes the descriptors of this process. Idempotent. */
    public void close() {
        close(descriptors, count);
        count = 0;
    }

    private static void close(int[] descriptors, int count) {
        for (int i = 0; i < count; i++) {
            Files.close(descriptors[i]);
        }
    }

    /** Returns the value of a variable of this JVM, in the form of {@link PathText}; null if it is not set. */
    public static @Nullable String announced(String key) {
        String value = System.getenv(key);
        if (value == null) {
            return null;
        }
        byte[] start = (key + "=").getBytes(StandardCharsets.US_ASCII);
        // The JVM has decoded the value by the charset of its locale, which may lose bytes of a path.
        try (InputStream environ = new FileInputStream("/proc/self/environ")) {
            byte[] all = environ.readAllBytes();
            for (int from = 0; from < all.length; ) {
                int end = from;
                while (end < all.length && all[end] != 0) {
                    end++;
                }
                int at = from + start.length;
                if (at <= end && Arrays.equals(all, from, at, start, 0, start.length)) {
                    return PathText.decode(Arrays.copyOfRange(all, at, end));
                }
                from = end + 1;
            }
        } catch (IOException e) {
            // not Linux
        }
        return value;
    }

    private static String announce(Path file) {
        return "file:" + PathText.of(file.toAbsolutePath());
    }

    /**
     * Opens a resource for a child.
     *
     * @param purpose what it is for, for messages
     * @return a descriptor above those of the standard streams, for the caller to close
     */
    public static int openForChild(LaunchSpec spec, String purpose, Inheritable resource) {
        int fd;
        try {
            fd = resource.openForChild();
        } catch (PosixException e) {
            throw failure(spec, purpose, e, e);
        } catch (ResourcesExhaustedException e) {
            throw new LaunchException(LaunchException.Reason.RESOURCES_EXHAUSTED, whatFailed(spec, purpose, e), e);
        } catch (ProcessManagerException e) {
            if (e.getCause() instanceof PosixException cause) {
                throw failure(spec, purpose, e, cause);
            }
            throw e;
        }
        if (fd < STANDARD_STREAMS || !Files.isOpen(fd)) {
            throw new IllegalStateException("cannot pass " + purpose + " to " + spec.name() + ": " + resource
                    + " opened descriptor " + fd + " (expected: one that is open, and no standard stream)");
        }
        return fd;
    }

    private static LaunchException failure(
            LaunchSpec spec, String purpose, ProcessManagerException e, PosixException cause) {
        String what = whatFailed(spec, purpose, e);
        return new LaunchException(cause.isPassing() ? Reason.RESOURCES_EXHAUSTED : Reason.OTHER, what, e);
    }

    private static String whatFailed(LaunchSpec spec, String purpose, ProcessManagerException e) {
        return "cannot pass " + purpose + " to " + spec.name() + ": " + e.getMessage();
    }
}
