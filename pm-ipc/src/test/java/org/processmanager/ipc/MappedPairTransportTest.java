package org.processmanager.ipc;

/** The contract for channels in shared memory without a name. */
class MappedPairTransportTest extends PairContract {
    @Override
    protected String scheme() {
        return "mapped";
    }

    @Override
    protected String title() {
        return "mapped: of a pair";
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
