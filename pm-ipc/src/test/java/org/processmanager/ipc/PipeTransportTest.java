package org.processmanager.ipc;

/** The contract for pipes; {@link PipeTest} tests the rest. */
class PipeTransportTest extends PairContract {
    @Override
    protected String scheme() {
        return "pipe";
    }

    @Override
    protected boolean canClaim() {
        return false;
    }
}
