package org.processmanager.ipc;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.processmanager.sync.OpenMode;

/** The contract for pipes, whose two ends are in this process; {@link PipeTest} tests the rest. */
class PipeTransportTest extends TransportContract {
    /** By what the contract takes for their names. */
    private final Map<String, ChannelPair> pairs = new HashMap<>();

    @Override
    protected String scheme() {
        return "pipe";
    }

    @BeforeEach
    void nameNothing() {
        endpoint = scheme() + ":";
    }

    @AfterEach
    void closeThePairs() {
        pairs.values().forEach(ChannelPair::close);
    }

    private ChannelPair pair(Endpoint endpoint) {
        return pairs.computeIfAbsent(
                endpoint.target(), target -> Ipc.pair(new Endpoint(scheme(), "", endpoint.options())));
    }

    @Override
    protected MessageReceiver open(Endpoint plain, OpenMode mode, Delivery delivery) {
        return pair(plain).receiver(delivery);
    }

    @Override
    protected MessageSender open(Endpoint plain, OpenMode mode) {
        return pair(plain).sender();
    }

    @Override
    protected boolean keepsMessagesWithoutReceiver() {
        return true;
    }

    @Override
    protected boolean canClaim() {
        return false;
    }

    @Override
    protected boolean hasFile() {
        return false;
    }

    @Override
    protected boolean isAnonymous() {
        return true;
    }

    @Override
    protected boolean canBeDeleted() {
        return false;
    }

    @Override
    protected boolean isPortable() {
        return false;
    }
}
