package org.processmanager.core.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.util.Threads;
import org.processmanager.core.internal.util.Uninterruptibles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, once, whether the native layer can be used in this JVM. The first call loads it and runs a self-test.
 *
 * <p>The layer is unavailable if JNA cannot be loaded, on systems other than Linux on x86-64 or aarch64, if the self-test
 * fails, and if the system property {@value #PROPERTY} is {@code off}. Then the portable paths are used, and one log
 * message states the reason and what is missing.
 */
public final class NativeLayer {
    /** System property: {@code off} selects the portable paths. */
    public static final String PROPERTY = "org.processmanager.native";

    private static final Object DECIDING = new Object();

    /** Null before the first call, and after calls for which no thread or memory was free. */
    private static volatile @Nullable Decision decision;

    /**
     * The result of the first call that came to one.
     *
     * @param reason why the layer is unavailable, or null
     */
    private record Decision(@Nullable String reason) {}

    private NativeLayer() {}

    /**
     * Returns whether the layer is available. The first call loads it.
     *
     * @throws ResourcesExhaustedException if that needs a thread or memory, and none is free: a later call tries again
     */
    public static boolean available() {
        return unavailableReason() == null;
    }

    /**
     * Returns why the layer is unavailable, or null if it is available.
     *
     * @throws ResourcesExhaustedException as {@link #available}
     */
    public static @Nullable String unavailableReason() {
        Decision known = decision;
        return known == null ? decide().reason : known.reason;
    }

    /**
     * Throws if the layer, which a feature needs, is unavailable.
     *
     * @throws UnsupportedOperationException with the feature and the reason
     */
    public static void require(String feature) {
        String reason = unavailableReason();
        if (reason != null) {
            throw new UnsupportedOperationException(
                    feature + " needs the native layer, which is not available: " + reason);
        }
    }

    /**
     * Returns the module that native access is enabled for, so that this layer causes no warning: the module of JNA, or
     * {@code ALL-UNNAMED}. Null if it is not enabled, or before Java 22.
     */
    public static @Nullable String moduleWithNativeAccess() {
        try {
            Module jna = Native.class.getModule();
            Object enabled = Module.class.getMethod("isNativeAccessEnabled").invoke(jna);
            return Boolean.TRUE.equals(enabled) ? jna.isNamed() ? jna.getName() : "ALL-UNNAMED" : null;
        } catch (ReflectiveOperationException | LinkageError e) {
            return null;
        }
    }

    /** Binds the native methods of a class of this package to the C library. */
    static void bind(Class<?> subject) {
        Native.register(subject, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
    }

    /** Returns the errno of the last call of this thread. */
    static int errno() {
        return Native.getLastError();
    }

    /** On a thread of its own: JNA starts one, which would inherit from the caller's, and a deep stack would break its classes. */
    private static Decision decide() {
        synchronized (DECIDING) {
            Decision known = decision;
            if (known != null) {
                return known;
            }
            FutureTask<@Nullable String> loading = new FutureTask<>(NativeLayer::findReason);
            String reason;
            try {
                if (isOff()) {
                    reason = "switched off by -D" + PROPERTY + "=off";
                } else {
                    Threads.daemon("pm-native", loading).start();
                    reason = Uninterruptibles.get(loading);
                }
            } catch (OutOfMemoryError e) {
                throw exhausted(e);
            } catch (ExecutionException e) {
                throw exhausted(Objects.requireNonNull(e.getCause()));
            }
            known = new Decision(reason);
            decision = known;
            if (reason != null) {
                Logger log = LoggerFactory.getLogger(NativeLayer.class);
                log.info(
                        "native layer off ({}): processes start through ProcessBuilder, without sessions, other signals"
                                + " than TERM and KILL or inherited descriptors; waits between processes poll; no FIFO"
                                + " transport",
                        reason);
            }
            return known;
        }
    }

    private static ResourcesExhaustedException exhausted(Throwable cause) {
        return new ResourcesExhaustedException("cannot load the native layer: " + cause.getMessage(), cause);
    }

    private static boolean isOff() {
        return "off".equalsIgnoreCase(System.getProperty(PROPERTY));
    }

    /**
     * Returns why the layer is unavailable, or null. A JNA that is too old or whose library is another version's fails with
     * any kind of error.
     *
     * @throws OutOfMemoryError if no thread or memory is free
     */
    private static @Nullable String findReason() {
        try {
            if (Platform.isLinux()) {
                LibraryPath.set();
            }
            if (!Platform.isLinux() || !Platform.is64Bit() || !(Platform.isIntel() || Platform.isARM())) {
                return "needs Linux on x86-64 or aarch64, this is " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch");
            }
            // Before any class of this package that binds methods: if JNA cannot create its thread, that class would be
            // lost.
            NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
            return selfTest();
        } catch (PosixException e) {
            // Decided once: a descriptor may be free later if there is none now.
            return e.isPassing() ? null : "the self-test failed: " + e.getMessage();
        } catch (RuntimeException e) {
            return "the self-test failed: " + e.getMessage();
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Error e) {
            return reason(e);
        }
    }

    /** Returns the root cause; for denied native access also the option that allows it. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof IllegalCallerException) {
            String module = Native.class.getModule().isNamed() ? "com.sun.jna" : "ALL-UNNAMED";
            return "the JVM denies JNA native access, which --enable-native-access=" + module + " allows";
        }
        return "JNA cannot load: " + root.toString().strip().replaceAll("\\s+", " ");
    }

    /** Makes a few calls with known results; returns what failed, or null. */
    private static @Nullable String selfTest() {
        String pid = Integer.toString(Wait.getpid());
        if (!pid.equals(shownPid()) && !pid.equals(jdkPid())) {
            return "getpid returned " + pid + " in process " + jdkPid();
        }
        new NativeBlock(Long.BYTES).close();
        int[] pipe = Files.pipe(true);
        try {
            byte[] sent = {1, 2, 3};
            byte[] got = new byte[3];
            if (Files.write(pipe[1], sent, 3) != 3 || Files.read(pipe[0], got, 3) != 3 || got[2] != 3) {
                return "a pipe did not return the three bytes written to it";
            }
        } finally {
            Files.close(pipe[0]);
            Files.close(pipe[1]);
        }
        return null;
    }

    /**
     * Returns the pid that {@code /proc} shows for this process, which is another one if it is that of another pid namespace,
     * and no number if it is not mounted.
     */
    private static String shownPid() {
        try {
            return new File("/proc/self").getCanonicalFile().getName();
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns the pid of this process by another way, which loads more than 20 classes. */
    private static String jdkPid() {
        return Long.toString(ProcessHandle.current().pid());
    }
}
