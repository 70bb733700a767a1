package org.processmanager.ipc;

/** The contract for channels in shared memory. */
class MappedTransportTest extends TransportContract {
    @Override
    protected String scheme() {
        return "mapped";
    }

    @Override
    protected boolean keepsMessagesWithoutReceiver() {
        return true;
    }

    @Override
    protected boolean canClaim() {
        return true;
    }

    @Override
    protected boolean acceptsSeveralSenders() {
        return false;
    }
}
