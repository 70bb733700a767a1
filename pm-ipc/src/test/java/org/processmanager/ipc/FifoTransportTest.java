package org.processmanager.ipc;

/** The contract for FIFOs; {@link FifoTest} tests the rest. */
class FifoTransportTest extends TransportContract {
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

    @Override
    protected boolean isPortable() {
        return false;
    }
}
