package org.processmanager.ipc;

/** The contract for Unix sockets; {@link UnixTest} tests the rest. */
class UnixTransportTest extends TransportContract {
    @Override
    protected String scheme() {
        return "unix";
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
    protected boolean countsBacklog() {
        return false;
    }
}
