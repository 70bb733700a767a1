package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class StopActionTest {
    @Nested
    class Posix extends StopActionContract {}

    @Nested
    class Jdk extends StopActionContract {}
}
