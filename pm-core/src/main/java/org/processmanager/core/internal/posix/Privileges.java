package org.processmanager.core.internal.posix;

/** Capabilities and hard limits of this process. */
public final class Privileges {
    /** A capability of Linux. */
    public enum Capability {
        CAP_SETGID(6),
        CAP_SETUID(7),
        CAP_SYS_RESOURCE(24);

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }
    }

    private Privileges() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int getrlimit(int resource, long[] limits);
    }

    /** Returns whether the calling thread has a capability, in its user namespace. */
    public static boolean has(Capability capability) {
        return (ProcStatus.effectiveCapabilities() >> capability.bit & 1) != 0;
    }

    /** Returns the hard limit of this process for a resource; -1 if there is none. */
    public static long hardLimit(int resource) {
        long[] limits = new long[2];
        if (C.getrlimit(resource, limits) != 0) {
            throw new PosixException("getrlimit", "resource " + resource, NativeLayer.errno());
        }
        return limits[1];
    }
}
