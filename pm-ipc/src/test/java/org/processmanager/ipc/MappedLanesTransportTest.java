package org.processmanager.ipc;

/** The contract for channels in shared memory with a lane for each of several senders; {@code MappedLanesTest} tests the rest. */
class MappedLanesTransportTest extends TransportContract {
    @Override
    protected String scheme() {
        return "mapped";
    }

    @Override
    protected String title() {
        return "mapped:?senders=4";
    }

    @Override
    protected Endpoint form(Endpoint plain) {
        return plain.with("senders", "4");
    }

    @Override
    protected boolean keepsMessagesWithoutReceiver() {
        return true;
    }

    @Override
    protected boolean canClaim() {
        return true;
    }
}
