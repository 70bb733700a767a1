package org.processmanager.ipc;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.processmanager.core.internal.posix.NativeLayer;

/** The contract for FIFOs; {@link FifoTest} tests the rest. */
class FifoTransportTest extends TransportContract {
    @BeforeAll
    static void needsTheNativeLayer() {
        Assumptions.assumeTrue(NativeLayer.available(), "FIFOs need the native layer");
    }

    @Override
    protected String scheme() {
        return "fifo";
    }

    @Override
    protected boolean keepsMessagesWithoutReceiver() {
        return false;
    }

    @Override
    protected boolean canClaim() {
        return false;
    }
}
