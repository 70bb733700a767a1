package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class StopTest {
    @Nested
    class Posix extends StopContract {}

    @Nested
    class Jdk extends StopContract {}
}
