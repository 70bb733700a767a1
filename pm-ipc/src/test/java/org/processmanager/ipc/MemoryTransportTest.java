package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Scenario;
import org.processmanager.ipc.memory.MemoryTransport;

/** The contract for a transport of another party, which the ServiceLoader finds. */
@Scenario("channels/1")
class MemoryTransportTest extends TransportContract {
    @Override
    protected String scheme() {
        return "memory";
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
    protected boolean holdsBatchesBack() {
        return false;
    }

    @Override
    protected boolean hasFile() {
        return false;
    }

    @AfterEach
    void deleteTheChannel() {
        Ipc.delete(endpoint);
    }

    @Test
    @Scenario("channels/2")
    void unknownScheme_listsTheTransportsOfOthers() {
        assertEquals(MemoryTransport.class, Ipc.transports().get("memory").getClass());
        String rejection = assertThrows(IllegalArgumentException.class, () -> Ipc.sender("memry:jobs"))
                .getMessage();
        assertTrue(rejection.contains("memry") && rejection.contains("mapped, memory"), rejection);
    }
}
