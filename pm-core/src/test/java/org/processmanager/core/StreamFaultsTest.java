package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class StreamFaultsTest {
    @Nested
    class Posix extends StreamFaultsContract {}

    @Nested
    class Jdk extends StreamFaultsContract {}
}
