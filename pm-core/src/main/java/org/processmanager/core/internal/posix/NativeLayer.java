package org.processmanager.core.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the native layer can be used in this JVM: loaded when first asked, tried with a few real calls, decided once.
 *
 * <p>It cannot where JNA does not load, on other systems than Linux on x86-64 or aarch64, where a self-test fails, and
 * where the system property {@value #PROPERTY} is {@code off}. Then the portable paths take over, and one log line says
 * why and what is lost.
 */
public final class NativeLayer {
    /** System property; {@code off} forces the portable paths. */
    public static final String PROPERTY = "org.processmanager.native";

    private static final class State {
        static final @Nullable String REASON = decide();
    }

    private NativeLayer() {}

    /** Whether the layer works here. The first call loads it. */
    public static boolean available() {
        return State.REASON == null;
    }

    /** Why the layer does not work here, or null where it does. */
    public static @Nullable String unavailableReason() {
        return State.REASON;
    }

    /**
     * Refuses a feature that only the native layer has.
     *
     * @throws UnsupportedOperationException naming the feature and the reason, where the layer does not work
     */
    public static void require(String feature) {
        String reason = State.REASON;
        if (reason != null) {
            throw new UnsupportedOperationException(
                    feature + " needs the native layer, which is not available: " + reason);
        }
    }

    /**
     * Whom the JVM lets make native calls for this layer without a word: the name of JNA's module, or {@code ALL-UNNAMED};
     * null where it does not, or does not ask yet (before 22).
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

    /** The errno of the last call of this thread. */
    static int errno() {
        return Native.getLastError();
    }

    private static @Nullable String decide() {
        String reason = findReason();
        if (reason != null) {
            Logger log = LoggerFactory.getLogger(NativeLayer.class);
            log.info(
                    "native layer off ({}): processes start through ProcessBuilder, without sessions, other signals than"
                            + " TERM and KILL or inherited descriptors; waits between processes poll; no FIFO transport",
                    reason);
        }
        return reason;
    }

    private static @Nullable String findReason() {
        if ("off".equalsIgnoreCase(System.getProperty(PROPERTY))) {
            return "switched off by -D" + PROPERTY + "=off";
        }
        try {
            if (!Platform.isLinux() || !Platform.is64Bit() || SystemCalls.unsupported()) {
                return "made for Linux on x86-64 and aarch64, this is " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch");
            }
            return selfTest();
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            return whyNot(e);
        } catch (PosixException e) {
            // Without a free descriptor now there may be one later, and this is decided once.
            return e.isPassing() ? null : "the self-test failed: " + e.getMessage();
        } catch (RuntimeException e) {
            return "the self-test failed: " + e.getMessage();
        }
    }

    /** What lies at the bottom of it; that a JVM denies native access is told with what allows it. */
    private static String whyNot(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof IllegalCallerException) {
            String module = Native.class.getModule().isNamed() ? "com.sun.jna" : "ALL-UNNAMED";
            return "the JVM denies JNA native access, which --enable-native-access=" + module + " allows";
        }
        return "JNA cannot load: " + root;
    }

    /** A few real calls whose answers are known; null if all are right. */
    private static @Nullable String selfTest() {
        long pid = Wait.getpid();
        if (pid != ProcessHandle.current().pid()) {
            return "getpid answered " + pid + " in process "
                    + ProcessHandle.current().pid();
        }
        int[] pipe = Files.pipe(true);
        try {
            byte[] sent = {1, 2, 3};
            byte[] got = new byte[3];
            if (Files.write(pipe[1], sent, 3) != 3 || Files.read(pipe[0], got, 3) != 3 || got[2] != 3) {
                return "three bytes did not pass through a pipe";
            }
        } finally {
            Files.close(pipe[0]);
            Files.close(pipe[1]);
        }
        return null;
    }
}
