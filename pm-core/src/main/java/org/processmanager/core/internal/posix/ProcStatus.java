package org.processmanager.core.internal.posix;

/** Fields of {@code /proc/self/status}. */
final class ProcStatus {
    private static final String IGNORED = "SigIgn:";
    private static final String EFFECTIVE = "CapEff:";

    private ProcStatus() {}

    /** Returns the mask of ignored signals, bit 0 for signal 1; 0 if it cannot be read. */
    static long ignoredSignals() {
        return mask(IGNORED);
    }

    /** Returns the mask of effective capabilities, bit 0 for number 0; 0 if it cannot be read. */
    static long effectiveCapabilities() {
        return mask(EFFECTIVE);
    }

    private static long mask(String field) {
        String status = Files.readText("/proc/self/status");
        int line = status == null ? -1 : status.indexOf("\n" + field);
        if (status == null || line < 0) {
            return 0;
        }
        int from = line + 1 + field.length();
        return Long.parseUnsignedLong(
                status.substring(from, status.indexOf('\n', from)).strip(), 16);
    }
}
